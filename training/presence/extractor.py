"""The extractor: takes one label's sound out of a mixture, asked for by a vector.

Universal source separation by query (Kong et al. 2023, "Universal Source Separation with Weakly
Labelled Data"; AudioSep, Liu et al. 2023): a network that is told whom to take out needs no
permutations, and its tracks are named by construction. The network is the causal one of
`training.hearing.separator`, with what is asked for in every block by feature-wise linear
modulation (FiLM, Perez et al. 2018), and one mask, in [0, 1], on the mixture's spectrum. What
nobody asked for is what the masks leave.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from training.hearing.separator import Block, Separator, SeparatorShape
from training.vocabulary import LABELS

ASKED = 128
"""Numbers that ask for a label: as many as a point of the joint space has, so that a linear map
takes one to the other exactly (there are fewer labels than numbers)."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What `Extractor.masks_for` gives; all that training needs, without waveforms."""

    mask: Tensor
    """(b, t, 1, bins) in [0, 1]."""
    re: Tensor
    im: Tensor
    """(b, t, bins) the mixture's spectrum."""


class AskedBlock(Block):
    """A block whose normed input is scaled and shifted by what is asked for."""

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, frames: Tensor, past: Tensor, scale: Tensor, shift: Tensor
    ) -> tuple[Tensor, Tensor]:
        """((b, t, c), (b, 2 * dilation, c), (b, 1, c), (b, 1, c)) -> (frames, new past)."""
        d = self.dilation
        x = torch.cat([past, self.norm(frames) * (1 + scale) + shift], dim=1)
        t = frames.shape[1]
        mixed = x[:, :t] * self.taps[0] + x[:, d : d + t] * self.taps[1]
        mixed = mixed + x[:, 2 * d :] * self.taps[2]
        return frames + self.narrow(torch.relu(self.widen(mixed))), x[:, t:]


class Extractor(Separator):
    """Mixture and a question in, one waveform out, `shape.latency` samples later.

    One row of a batch is one question. A live show asks several of the same mixture.
    """

    def __init__(self, shape: SeparatorShape | None = None) -> None:
        super().__init__(replace(shape or SeparatorShape(), sources=1))
        shape = self.shape
        self.blocks = nn.ModuleList(
            AskedBlock(shape.width, shape.hidden, d)
            for _ in range(shape.stacks)
            for d in shape.dilations
        )
        self.labels = nn.Embedding(len(LABELS), ASKED)
        """What asks for each label while the extractor is trained."""
        self.asked = nn.Linear(ASKED, 2 * shape.width * len(self.blocks))
        nn.init.normal_(self.asked.weight, std=0.02)
        nn.init.zeros_(self.asked.bias)
        self.question: Tensor | None = None

    def ask(self, question: Tensor) -> None:
        """(b, 128) what the next calls take out of each row."""
        self.question = question

    def _hear(self, samples: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor, list[Tensor]]:
        """As the separator's, with one mask that is no share of a sum."""
        assert self.question is not None, "ask first"
        shape = self.shape
        b, overlaps = state.shape[0], shape.frame // shape.hop
        pieces = samples.reshape(b, -1, shape.hop)
        t = pieces.shape[1] - overlaps + 1
        re, im = self._analyse(torch.cat([pieces[:, i : i + t] for i in range(overlaps)], dim=2))
        x = self.enter_norm(self.enter(torch.log(re * re + im * im + 1e-7) * 0.2 + 1.0))
        modulation = self.asked(self.question).reshape(b, len(self.blocks), 2, 1, shape.width)
        at = shape.latency * (1 + shape.sources)
        pasts: list[Tensor] = []
        for i, block in enumerate(self.blocks):
            assert isinstance(block, AskedBlock)
            size = 2 * block.dilation * shape.width
            past = state[:, at : at + size].reshape(b, 2 * block.dilation, shape.width)
            x, new = block(x, past, modulation[:, i, 0], modulation[:, i, 1])
            pasts.append(new.reshape(b, size))
            at += size
        mask = torch.sigmoid(self.masks(self.leave_norm(x)).float())
        return mask.reshape(b, -1, 1, shape.bins), re, im, pasts

    def masks_for(self, audio: Tensor, question: Tensor) -> Extraction:
        """(b, n) mixtures and (b, 128) questions -> masks and spectra."""
        self.ask(question)
        return Extraction(*self.masks_on(audio))

    def extract(self, audio: Tensor, labels: Tensor) -> Tensor:
        """(b, n) mixtures, (b,) labels -> (b, n) what each row's label sounds like in it."""
        self.ask(self.labels(labels))
        return self.separate(audio)[:, 0]
