"""What MACS's separator learns by: mixtures of mixtures, words of the clip, the order of slots."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from training.papers.losses.soft_rank import soft_rank

FLOOR = 1e-8
"""An estimate that has nothing of its truth scores -80 dB, whatever else is in it."""
ATTENTION = 100.0
"""How sharply a slot looks for its words."""


def mixit(estimates: Tensor, one: Tensor, other: Tensor) -> Tensor:
    """Mixture-invariant training (Wisdom et al. 2020) by SI-SDR, the mean over the batch in dB.

    Of all 2^M - 1 ways to share the slots between the two mixtures, the second of which may get
    none, the best counts: the least of -SI-SDR(one) - SI-SDR(other).

    Args:
        estimates: (b, m, n) separated sounds.
        one: (b, n) a mixture; other: (b, n) the one that was added to it.
    """
    with torch.autocast(estimates.device.type, enabled=False):
        estimates, one, other = (x.float() for x in (estimates, one, other))
        estimates, one, other = (x - x.mean(-1, keepdim=True) for x in (estimates, one, other))
        m = estimates.shape[1]
        numbers = torch.arange(1, 2**m, device=estimates.device)
        given = (numbers[:, None] >> torch.arange(m, device=numbers.device)) & 1
        first = given.to(estimates.dtype)
        # by inner products: 2^M - 1 sums of waveforms would not fit anywhere
        gram = estimates @ estimates.transpose(1, 2)
        total = torch.zeros((), device=estimates.device)
        for chosen, truth in ((first, one), (1 - first, other)):
            cross = torch.einsum("bmn,bn->bm", estimates, truth) @ chosen.T
            power = torch.einsum("sm,bmk,sk->bs", chosen, gram, chosen)
            total = total - _si_sdr(cross, power, (truth**2).sum(-1, keepdim=True))
        return total.amin(1).mean()


def _si_sdr(cross: Tensor, power: Tensor, truth: Tensor) -> Tensor:
    """dB, from <estimate, truth>, <estimate, estimate>, <truth, truth> of signals without mean."""
    scale = cross / (truth + FLOOR)
    target = scale**2 * truth
    noise = (power - 2 * scale * cross + target).clamp(min=0.0)
    return 10 * torch.log10(target / (noise + FLOOR) + FLOOR)


def align(sounds: Tensor, texts: Tensor, log_scale: Tensor) -> Tensor:
    """Contrast the slots of one clip with the words that each of them finds in the clip's own.

    Every slot looks at the clip's texts, A = softmax(100 s t'), and is told from the other slots of
    the same clip by what it saw; the cross-entropy is taken both ways.

    Args:
        sounds: (b, m, d) embeddings of the slots.
        texts: (b, k, d) embeddings of the clip's texts; k need not be m.
        log_scale: scalar, learnt: log of what multiplies the cosines.
    """
    sounds, texts = normalize(sounds, dim=-1), normalize(texts, dim=-1)
    looks = torch.softmax(ATTENTION * sounds @ texts.transpose(1, 2), -1)
    seen = normalize(looks @ texts, dim=-1)
    logits = log_scale.exp() * sounds @ seen.transpose(1, 2)
    own = torch.arange(sounds.shape[1], device=sounds.device).expand(sounds.shape[:2])
    return (cross_entropy(logits, own) + cross_entropy(logits.transpose(1, 2), own)) / 2


def rank(similarity: Tensor, strength: float = 1.0) -> Tensor:
    """1 - Spearman's correlation between likeness to the mixture and the order of the slots.

    similarity: (b, m) cosines of the slots' embeddings with their mixture's. The first slot shall
    be the likest. Means and norms are taken over the whole batch at once, as the paper's code does.
    """
    m = similarity.shape[1]
    wanted = torch.arange(m, 0, -1, dtype=similarity.dtype, device=similarity.device)
    wanted = wanted.expand_as(similarity)
    found, wanted = (x - x.mean() for x in (soft_rank(similarity, strength), wanted))
    norms = found.norm() * wanted.norm()
    return 1 - (found * wanted).sum() / norms.clamp(min=1e-12)


def joint_weight(epoch: int, epochs: int) -> float:
    """Share of alignment and ranking in the loss: 0 in the first epoch, 1 in the last."""
    return epoch / (epochs - 1) if epochs > 1 else 0.0
