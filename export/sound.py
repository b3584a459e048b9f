"""The sound models to ONNX: separator.onnx, encoder.onnx, vocabulary.npy; sound.json says the rest.

    python -m export.sound --separator runs/separator.pt --encoder runs/encoder.pt -o DIR
    python -m export.sound --random -o DIR     # untrained weights, for trying the road

A model that is not named is left as it is in the folder.

Every graph is run in ONNX Runtime against torch before it is put in place; the separator also in
chunks against the whole. Files are written beside their place and renamed into it.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import Tensor

from export.sound_report import sound_report
from training.encoder import Encoder
from training.recordings import sounds_folder
from training.separator import Separator, SeparatorShape
from training.text import TextTower
from training.train_encoder import load_encoder, text_directions
from training.train_separator import load_separator

OPSET = 18
IR_VERSION = 10
UNTRAINED_TEMPERATURE = 0.1
TOLERANCE = 2e-4
"""Largest difference from torch that is let through (unit embeddings; full-scale samples)."""


@dataclass(frozen=True, slots=True)
class Parity:
    """Largest absolute differences found while exporting."""

    separator: float
    separator_chunks: float
    encoder: float


def _write(
    model: torch.nn.Module,
    inputs: dict[str, Tensor],
    outputs: list[str],
    shapes: dict[str, dict[int, object]],
    path: Path,
) -> None:
    program = torch.onnx.export(
        model,
        tuple(inputs.values()),
        input_names=list(inputs),
        output_names=outputs,
        dynamic_shapes=tuple(shapes[name] for name in inputs),
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    proto = program.model_proto
    proto.ir_version = IR_VERSION
    del proto.metadata_props[:]
    for node in proto.graph.node:
        # Names of source files and stack traces of the exporting machine do not ship.
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*proto.graph.input, *proto.graph.output, *proto.graph.value_info):
        del value.metadata_props[:]
    for tensor in proto.graph.initializer:
        del tensor.metadata_props[:]
    del proto.graph.metadata_props[:]
    for function in proto.functions:
        del function.metadata_props[:]
    onnx.checker.check_model(proto)
    path.write_bytes(proto.SerializeToString())


def _session(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def export_separator(model: Separator, path: Path) -> tuple[float, float]:
    """Writes separator.onnx; returns its largest difference from torch, whole and in chunks."""
    model = model.eval()
    model.by_fft = False
    n = torch.export.Dim("blocks", min=1, max=60000)
    state = model.initial_state()
    audio = torch.randn(1, 3200) * 0.1
    _write(
        model,
        {"audio": audio, "state": state},
        ["sources", "next_state"],
        {"audio": {1: model.shape.hop * n}, "state": {}},
        path,
    )
    session = _session(path)
    sound = torch.randn(1, model.shape.hop * 150) * 0.1
    with torch.no_grad():
        wanted = model(sound, state)[0].numpy()
    feeds = {"audio": sound.numpy(), "state": state.numpy()}
    whole = np.asarray(session.run(["sources"], feeds)[0])
    carried, parts, at = state.numpy(), [], 0
    for blocks in (1, 2, 25, 7, 25, 90):
        chunk = sound.numpy()[:, at : at + blocks * model.shape.hop]
        got, carried = session.run(["sources", "next_state"], {"audio": chunk, "state": carried})
        parts.append(np.asarray(got))
        at += chunk.shape[1]
    chunks = np.concatenate(parts, axis=2)
    return float(np.abs(whole - wanted).max()), float(np.abs(chunks - whole).max())


def export_encoder(model: Encoder, path: Path) -> float:
    """Writes encoder.onnx; returns its largest difference from torch over several shapes."""
    model = model.eval()
    model.by_fft = False
    batch = torch.export.Dim("batch", min=1, max=64)
    samples = torch.export.Dim("samples", min=2048, max=1 << 20)
    _write(
        model,
        {"audio": torch.randn(3, 64000) * 0.1},
        ["embedding"],
        {"audio": {0: batch, 1: samples}},
        path,
    )
    session = _session(path)
    worst = 0.0
    for shape in ((1, 64000), (5, 64000), (2, 32000), (3, 40123)):
        audio = torch.randn(*shape) * 0.1
        audio[:, : shape[1] // 3] = 0
        with torch.no_grad():
            wanted = model(audio).numpy()
        got = np.asarray(session.run(["embedding"], {"audio": audio.numpy()})[0])
        worst = max(worst, float(np.abs(got - wanted).max()))
    return worst


def export_all(
    separator: Separator | None, encoder: tuple[Encoder, TextTower] | None, out: Path
) -> Parity:
    """Puts the files of the given models into `out`, all or none; a None model's are left alone.

    Raises ValueError when a graph differs from torch.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".partial-") as name:
        made = Path(name)
        whole = chunks = heard = 0.0
        if separator is not None:
            whole, chunks = export_separator(separator, made / "separator.onnx")
        if encoder is not None:
            heard = export_encoder(encoder[0], made / "encoder.onnx")
            np.save(made / "vocabulary.npy", text_directions(encoder[1]).numpy().astype(np.float32))
        parity = Parity(whole, chunks, heard)
        for part, difference in asdict(parity).items():
            if difference > TOLERANCE:
                raise ValueError(
                    f"{part}: the exported graph is {difference:.2g} off torch, more than "
                    f"{TOLERANCE:g}; do not ship it"
                )
        for path in sorted(made.iterdir()):
            os.replace(path, out / path.name)
    return parity


def _write_facts(out: Path, facts: dict[str, Any]) -> None:
    """Writes sound.json; what it said of a part that was not exported now stays."""
    path = out / "sound.json"
    if path.is_file():
        before = json.loads(path.read_text(encoding="utf-8"))
        for group in ("measured", "training"):
            facts[group] = {**before.get(group, {}), **facts[group]}
        facts.setdefault("label_temperature", before.get("label_temperature"))
        facts["credits"] = facts["credits"] or before.get("credits", [])
    facts["label_temperature"] = facts.get("label_temperature") or UNTRAINED_TEMPERATURE
    partial = out / "sound.json.partial"
    partial.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    os.replace(partial, path)


def main(argv: list[str] | None = None) -> int:
    """Command line; prints what was measured as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--separator", type=Path, help="checkpoint of training.train_separator")
    parser.add_argument("--encoder", type=Path, help="checkpoint of training.train_encoder")
    parser.add_argument("--random", action="store_true", help="untrained weights where none named")
    parser.add_argument("--sounds", type=Path, help="recordings trained on, to credit")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder to write into")
    args = parser.parse_args(argv)
    if not (args.random or args.separator or args.encoder):
        parser.error("name --separator, --encoder or both, or --random")
    torch.manual_seed(0)
    separator = Separator() if args.random else None
    encoder = (Encoder(), TextTower()) if args.random else None
    if args.separator:
        separator = load_separator(args.separator)
    if args.encoder:
        encoder = load_encoder(args.encoder)
    parity = export_all(separator, encoder, args.out)
    shape = SeparatorShape()
    report = sound_report(args.separator, args.encoder, sounds_folder(args.sounds))
    facts = {
        "separator_shape": asdict(shape),
        "latency_samples": shape.latency,
        "frame_samples": shape.hop,
        "state_size": shape.state_size,
        "parity": asdict(parity),
        **report,
    }
    _write_facts(args.out, facts)
    print(json.dumps({"parity": asdict(parity), "out": str(args.out)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
