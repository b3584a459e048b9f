"""CLAP checkpoints as the public has them: a Hugging Face folder, or laion_clap's raw .pt file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

from export.checkpoints.clap_raw import read_raw
from export.checkpoints.error import CheckpointError
from export.checkpoints.files import check_weights, read_config

TEXT = "This is a sound of {}."
"""How the makers of CLAP ask for a class by text."""
_TOKENS = 77
_RAW_ENDINGS = (".pt", ".pth", ".ckpt")
_WORDS = "roberta-base"
"""The tokenizer of every raw checkpoint; it is not in the file."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the audio tower hears: `ClapFeatureExtractor`'s settings."""

    rate_hz: int
    fft: int
    hop: int
    samples: int
    """Length of a clip."""
    mel: np.ndarray
    """(bins, bands) float64: Slaney's filters, or HTK's for a fused checkpoint, as the extractor
    takes them."""
    frames: int
    """To which the tower stretches what it sees."""


@dataclass(frozen=True, slots=True)
class Clap:
    """A loaded checkpoint."""

    model: Any
    """ClapModel."""
    tokenizer: Any
    hearing: Hearing
    name: str

    @property
    def dim(self) -> int:
        """Numbers of an embedding."""
        return self.model.config.projection_dim

    @property
    def temperature(self) -> float:
        """Probabilities are softmax(cosine / temperature): what the checkpoint has learned."""
        return min(10.0, max(1e-4, math.exp(-self.model.logit_scale_a.item())))

    @torch.inference_mode()
    def words(self, labels: Sequence[str], batch: int = 32) -> Tensor:
        """(labels, d) unit embeddings of the labels by the text tower."""
        rows = []
        for first in range(0, len(labels), batch):
            texts = [TEXT.format(label.lower()) for label in labels[first : first + batch]]
            asked = self.tokenizer(
                texts, padding=True, truncation=True, max_length=_TOKENS, return_tensors="pt"
            )
            seen = self.model.text_model(
                input_ids=asked["input_ids"], attention_mask=asked["attention_mask"]
            )
            rows.append(self.model.text_projection(seen.pooler_output))
        return torch.nn.functional.normalize(torch.cat(rows).float(), dim=-1)


def load_clap(path: Path) -> Clap:
    """Read a folder or a raw .pt file. Raises CheckpointError: one line that names the fault."""
    if path.is_file():
        if path.suffix not in _RAW_ENDINGS:
            raise CheckpointError(
                f"{path} is no CLAP checkpoint: name a folder, or a {' or '.join(_RAW_ENDINGS)}"
            )
        model: Any = read_raw(path)
        fused = bool(model.config.audio_config.enable_fusion)
        extractor = ClapFeatureExtractor(truncation="fusion" if fused else "rand_trunc")
        return Clap(
            model.eval(), _tokenizer(path.parent, _WORDS), _hearing(model, extractor), path.stem
        )
    config = read_config(path)
    if config.get("model_type") != "clap":
        raise CheckpointError(
            f'{path} is a checkpoint of "{config.get("model_type")}", not of CLAP; name one like '
            "laion/clap-htsat-unfused"
        )
    check_weights(path, "model")
    try:
        read: Any = ClapModel.from_pretrained(
            path, use_safetensors=True, dtype=torch.float32, output_loading_info=True
        )
        model, told = read
        extractor = ClapFeatureExtractor.from_pretrained(path)
    except Exception as error:
        raise CheckpointError(f"{path} cannot be read ({_first(error)}); fetch it again") from error
    lacking = sorted(told["missing_keys"]) + sorted(str(k) for k in told["mismatched_keys"])
    if lacking:
        raise CheckpointError(f"{path} has no weights for {lacking[0]}; fetch it again")
    return Clap(model.eval(), _tokenizer(path), _hearing(model, extractor), path.name)


def _tokenizer(folder: Path, otherwise: str = "") -> Any:
    local = any((folder / n).is_file() for n in ("tokenizer.json", "vocab.json"))
    source = str(folder) if local or not otherwise else otherwise
    try:
        return AutoTokenizer.from_pretrained(source)
    except Exception as error:
        raise CheckpointError(
            f"there is no tokenizer in {folder} ({_first(error)}); put the tokenizer files of "
            f"{_WORDS} (vocab.json, merges.txt) beside the weights"
        ) from error


def _hearing(model: Any, extractor: ClapFeatureExtractor) -> Hearing:
    audio = model.config.audio_config
    fused = extractor.truncation == "fusion"
    if audio.num_mel_bins != extractor.feature_size:
        raise CheckpointError(
            f"the CLAP checkpoint's tower sees {audio.num_mel_bins} bands, its extractor makes "
            f"{extractor.feature_size}; fetch it again"
        )
    return Hearing(
        rate_hz=int(extractor.sampling_rate),
        fft=int(extractor.fft_window_size),
        hop=int(extractor.hop_length),
        samples=int(extractor.nb_max_samples),
        mel=np.asarray(extractor.mel_filters if fused else extractor.mel_filters_slaney),
        frames=audio.spec_size * (audio.spec_size // audio.num_mel_bins),
    )


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
