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

from torch import Tensor, nn

from training.hearing.separator import Modulation, Separator, SeparatorShape
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


class Extractor(Separator):
    """Mixture and a question in, one waveform out, `shape.latency` samples later.

    One row of a batch is one question. A live show asks several of the same mixture.
    """

    def __init__(self, shape: SeparatorShape | None = None) -> None:
        super().__init__(replace(shape or SeparatorShape(), sources=1))
        shape = self.shape
        self.labels = nn.Embedding(len(LABELS), ASKED)
        """What asks for each label while the extractor is trained."""
        self.asked = nn.Linear(ASKED, 2 * shape.width * len(self.blocks))
        nn.init.normal_(self.asked.weight, std=0.02)
        nn.init.zeros_(self.asked.bias)
        self._asked: Tensor | None = None
        self._together = False

    def begin_from(self, separator: Separator) -> None:
        """Hear the way a separator of the same size does; which slot to give is left to learn.

        Raises ValueError for one of another size.
        """
        if replace(separator.shape, sources=1) != self.shape:
            raise ValueError(f"a separator of {separator.shape} is no start for {self.shape}")
        theirs = separator.state_dict()
        for part in ("masks.weight", "masks.bias"):
            theirs[part] = theirs[part][: self.shape.bins]
        self.load_state_dict(theirs, strict=False)

    def ask(self, question: Tensor) -> None:
        """(b, 128) what the next calls take out of each row."""
        parts = (question.shape[0], len(self.blocks), 2, 1, self.shape.width)
        self._asked = self.asked(question).reshape(parts)

    def _modulation(self, block: int) -> Modulation:
        assert self._asked is not None, "ask first"
        return self._asked[:, block, 0], self._asked[:, block, 1]

    def forward(  # type: ignore[override]
        self, audio: Tensor, asked: Tensor, state: Tensor
    ) -> tuple[Tensor, Tensor]:
        """((1, n), (k, labels), (k, S)) -> (sources (k, n), next state (k, S)).

        As a show asks: every row for a label, one-hot, in the same mixture. Where the rows together
        claim more of a bin than there is, each gets its share, so that what they leave is a sound.
        """
        self.ask(asked @ self.labels.weight)
        self._together = True
        try:
            sources, state = super().forward(audio.expand(state.shape[0], -1), state)
        finally:
            self._asked, self._together = None, False
        return sources[:, 0], state

    def _masks_of(self, claims: Tensor) -> Tensor:
        """(b, t, 1, bins) in [0, 1] as they are, or as shares of what is there."""
        return claims / claims.sum(0, keepdim=True).clamp(min=1.0) if self._together else claims

    def masks_for(self, audio: Tensor, question: Tensor) -> Extraction:
        """(b, n) mixtures and (b, 128) questions -> masks and spectra."""
        self.ask(question)
        return Extraction(*self.masks_on(audio))

    def extract(self, audio: Tensor, labels: Tensor) -> Tensor:
        """(b, n) mixtures, (b,) labels -> (b, n) what each row's label sounds like in it."""
        late, n = self.shape.latency, audio.shape[1]
        padded = nn.functional.pad(audio, (0, late + (-n) % self.shape.hop))
        self.ask(self.labels(labels))
        sources, _ = super().forward(padded, self.initial_state(len(audio)))
        return sources[:, 0, late : late + n]

    def extract_together(self, audio: Tensor, labels: Tensor) -> Tensor:
        """(n,) a mixture, (k,) labels -> (k, n) what a show that asks for all of them gives."""
        late, n = self.shape.latency, len(audio)
        padded = nn.functional.pad(audio, (0, late + (-n) % self.shape.hop))
        asked = nn.functional.one_hot(labels, len(LABELS)).float()
        return self(padded[None], asked, self.initial_state(len(labels)))[0][:, late : late + n]
