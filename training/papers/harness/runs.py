"""A run's folder: what was asked for, a checkpoint for each stage, and at last the weights."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TypeVar

import msgspec
import torch
from safetensors.torch import save_file

from training.loop.plain_errors import InputError
from training.loop.whole_files import write_text
from training.papers.checkpoints.strict import read_tensors
from training.papers.harness.system import Learner, System
from training.papers.harness.trainer import learned, unknown_weights
from training.papers.systems.build import Request, build

FACTS, WEIGHTS = "run.json", "weights.safetensors"
Facts = TypeVar("Facts", bound=msgspec.Struct)


class Run(msgspec.Struct, frozen=True):
    """What a run is of; written when it begins."""

    system: str
    generator: str
    checkpoints: dict[str, str]
    data: dict[str, str]
    """Stage to folder of shards; "" stands for all that are not named."""
    seed: int
    batch: int
    """Clips of all processes together."""
    steps: int | None
    targets: str
    background: tuple[str, ...]
    gan_class: int | None
    seconds: float | None
    width: int
    sampler_steps: int
    frames: str | None = None
    """SHA-256 of the file of chosen frames; None where the middle ones count."""

    @property
    def request(self) -> Request:
        """What to build."""
        return Request(
            self.system, self.generator, self.checkpoints, self.targets, self.background,
            self.gan_class, self.seconds, self.width, self.sampler_steps,
        )  # fmt: skip

    def shards(self, stage: str) -> Path:
        """What a stage learns from. Raises InputError where nothing was given."""
        found = self.data.get(stage, self.data.get(""))
        if found is None:
            raise InputError(f"stage {stage} has no data: --data DIR, or --data {stage}=DIR")
        return Path(found)


def begin(folder: Path, run: msgspec.Struct) -> None:
    """Write what a run is of, or see that a folder's run is the same.

    Raises InputError where another run lies there.
    """
    path = folder / FACTS
    if path.exists():
        before = _read(path, type(run))
        for field in run.__struct_fields__:
            was, now = getattr(before, field), getattr(run, field)
            if was != now:
                raise InputError(
                    f"{folder} holds a run with {field} {was}, not {now}: choose another -o, or "
                    "give what it was begun with"
                )
        return
    text = msgspec.json.format(msgspec.json.encode(run), indent=1).decode()
    write_text(path, text + "\n")


def read_run(folder: Path) -> Run:
    """What a run is of. Raises InputError where there is none."""
    path = folder / FACTS
    if not path.is_file():
        raise InputError(f"{folder} holds no run: train one there with python -m "
                         "training.papers.train")
    return _read(path, Run)


def _read(path: Path, kind: type[Facts]) -> Facts:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.DecodeError as error:
        raise InputError(
            f"{path} is damaged, or of another command ({error}): choose another folder, or begin "
            "the run anew"
        ) from error


def fingerprint(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def finish(folder: Path, learner: Learner) -> None:
    """Write the weights of all stages."""
    weights = learned(learner, [stage.name for stage in learner.stages])
    part = folder / f"{WEIGHTS}.part"
    save_file(weights, part)
    os.replace(part, folder / WEIGHTS)


def load_run(folder: Path, device: torch.device | str = "cpu") -> System:
    """The system of a finished run, ready to paint. Raises InputError or CheckpointError."""
    run, path = read_run(folder), folder / WEIGHTS
    system = build(run.request)
    if system.stages:
        if not path.is_file():
            raise InputError(
                f"the run in {folder} is not finished: give its command again to go on"
            )
        weights = read_tensors(path)
        if other := unknown_weights(system, weights):
            raise InputError(f"{path} does not fit its run ({other[0]}): train it again")
        system.load_state_dict(weights, strict=False)
    return system.to(device).eval()
