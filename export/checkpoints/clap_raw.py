"""laion_clap's raw checkpoints: their names to those that transformers gives the same weights.

The file is a pickle. It is read with torch's restricted unpickler, which knows tensors, plain
containers and numbers and runs nothing; a file that asks for more is refused. Everything about the
architecture is read off the shapes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import ClapConfig, ClapModel

from export.checkpoints.error import CheckpointError

_RENAMED = (
    ("text_branch.", "text_model."),
    ("audio_branch.", "audio_model.audio_encoder."),
    (".attn.proj.", ".attention.output.dense."),
    (".attn.", ".attention.self."),
    (".mlp.fc1.", ".intermediate.dense."),
    (".mlp.fc2.", ".output.dense."),
    (".norm1.", ".layernorm_before."),
    (".norm2.", ".layernorm_after."),
    (".bn0.", ".batch_norm."),
    ("_projection.0.", "_projection.linear1."),
    ("_projection.2.", "_projection.linear2."),
)
_COUNTED = ("position_ids", "token_type_ids", "relative_position_index", "num_batches_tracked")
"""What follows from the architecture and need not be in the file."""
_SPECTROGRAM = 256
"""Side of the picture that HTS-AT looks at, the same in all of laion_clap's."""
_TEXT_HEAD = 64
"""Numbers in one of the text tower's attention heads."""


def read_raw(path: Path) -> ClapModel:
    """The model in a laion_clap .pt file. Raises CheckpointError where it is something else."""
    weights = rename(_unpickled(path))
    try:
        config = shape_of(weights)
    except KeyError as error:
        raise CheckpointError(
            f"{path} is no checkpoint of laion_clap's HTSAT and RoBERTa: it has no {error}"
        ) from None
    model = ClapModel(config)
    wanted = model.state_dict()
    lacking = [k for k in wanted if k not in weights and not k.endswith(_COUNTED)]
    if lacking:
        raise CheckpointError(
            f"{path} is no whole checkpoint of laion_clap: it has no {lacking[0]} and "
            f"{len(lacking) - 1} more"
        )
    for key, tensor in wanted.items():
        if key in weights and weights[key].shape != tensor.shape:
            raise CheckpointError(
                f"{path}: {key} is {list(weights[key].shape)}, must be {list(tensor.shape)}"
            )
    model.load_state_dict({k: v for k, v in weights.items() if k in wanted}, strict=False)
    return model


def rename(raw: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """laion_clap's names to transformers'; joint query-key-value matrices come apart."""
    weights = {}
    for key, value in raw.items():
        key = key.removeprefix("module.")
        for old, new in _RENAMED:
            key = key.replace(old, new)
        if ".qkv." in key:
            for part, piece in zip(("query", "key", "value"), value.chunk(3), strict=True):
                weights[key.replace("qkv", part)] = piece
        else:
            weights[key] = value
    return weights


def shape_of(weights: Mapping[str, Tensor]) -> ClapConfig:
    """The architecture, read off renamed weights. Raises KeyError, naming what is missing."""
    tower = "audio_model.audio_encoder."
    words, text = "text_model.embeddings.", "text_model.encoder.layer."
    depths, heads = [], []
    while f"{tower}layers.{len(depths)}.blocks.0.layernorm_before.weight" in weights:
        stage = f"{tower}layers.{len(depths)}.blocks."
        depths.append(_count(weights, stage))
        table = weights[f"{stage}0.attention.self.relative_position_bias_table"]
        heads.append(table.shape[1])
    if not depths:
        raise KeyError(f"{tower}layers.0.blocks.0.layernorm_before.weight")
    table = weights[f"{tower}layers.0.blocks.0.attention.self.relative_position_bias_table"]
    patch = weights[f"{tower}patch_embed.proj.weight"]
    first = weights[f"{tower}layers.0.blocks.0.intermediate.dense.weight"]
    audio = {
        "window_size": (round(table.shape[0] ** 0.5) + 1) // 2,
        "num_mel_bins": weights[f"{tower}batch_norm.weight"].shape[0],
        "spec_size": _SPECTROGRAM,
        "patch_size": patch.shape[-1],
        "patch_stride": [patch.shape[-1]] * 2,
        "patch_embeds_hidden_size": patch.shape[0],
        "hidden_size": weights[f"{tower}norm.weight"].shape[0],
        "depths": depths,
        "num_attention_heads": heads,
        "num_hidden_layers": len(depths),
        "mlp_ratio": first.shape[0] / first.shape[1],
        "enable_fusion": f"{tower}patch_embed.mel_conv2d.weight" in weights,
        "fusion_type": "aff_2d",
    }
    vocabulary = weights[f"{words}word_embeddings.weight"].shape
    read = {
        "vocab_size": vocabulary[0],
        "hidden_size": vocabulary[1],
        "num_hidden_layers": _count(weights, text),
        "num_attention_heads": max(1, vocabulary[1] // _TEXT_HEAD),
        "intermediate_size": weights[f"{text}0.intermediate.dense.weight"].shape[0],
        "max_position_embeddings": weights[f"{words}position_embeddings.weight"].shape[0],
        "type_vocab_size": weights[f"{words}token_type_embeddings.weight"].shape[0],
    }
    dim = weights["audio_projection.linear2.weight"].shape[0]
    return ClapConfig(text_config=read, audio_config=audio, projection_dim=dim)


def _count(weights: Mapping[str, Tensor], prefix: str) -> int:
    numbers = re.compile(re.escape(prefix) + r"(\d+)\.")
    return 1 + max((int(m[1]) for k in weights if (m := numbers.match(k))), default=-1)


def _unpickled(path: Path) -> dict[str, Tensor]:
    try:
        # numpy's numbers stand among the training figures in laion's files; they are data
        with torch.serialization.safe_globals(_numbers()):
            found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        wanted = re.search(r"(?:GLOBAL|global:?|class:?)\s+`?([\w.]+)", str(error))
        if wanted and "weights" in str(error).lower():
            raise CheckpointError(
                f"{path} is a pickle that needs the code of {wanted[1]} to be read: refused; "
                "give a file that holds tensors only, or the Hugging Face form of the checkpoint"
            ) from error
        raise CheckpointError(f"{path} is no file that torch.save wrote; fetch it again") from error
    inner = found.get("state_dict", found) if isinstance(found, dict) else None
    if not isinstance(inner, dict) or not all(isinstance(v, Tensor) for v in inner.values()):
        raise CheckpointError(f"{path} holds no weights by name; give laion_clap's own .pt file")
    return {str(k): v.float() if v.is_floating_point() else v for k, v in inner.items()}


def _numbers() -> list:
    scalar = np.float64(0).__reduce__()[0]
    return [
        (scalar, "numpy.core.multiarray.scalar"),
        (scalar, "numpy._core.multiarray.scalar"),
        np.dtype,
        *(type(np.dtype(kind)) for kind in ("float64", "float32", "int64", "int32", "bool")),
    ]
