"""Measures a paper's training on this machine: its speed, what is no model call, and its memory.

    python -m training.papers.bench --system macs --data shards/llp
    torchrun --standalone --nproc_per_node 2 -m training.papers.bench --system macs \\
        --data shards/llp

First one round of the shards is read alone, decoded as for training. Then the system's first stage
is trained for some steps in the paper's size, by the trainer itself, beside tiny random networks in
place of the public ones. To compare one process with two, give each one core (taskset -c 0, and
OMP_NUM_THREADS=1).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.system.terminal import say
from training.loop.arguments import CommandParser, count
from training.loop.plain_errors import plain_errors
from training.papers.systems.names import SYSTEMS

if TYPE_CHECKING:
    from training.papers.harness.system import System

WARM = 2
"""Steps before the clock starts."""
GENERATOR = "gan"
"""Of those that need one; it does not learn in a first stage of hearing."""


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--system", choices=SYSTEMS, required=True)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="shards")
    parser.add_argument("--split", default="train", help="of the data (default %(default)s)")
    parser.add_argument(
        "--batch", type=count, default=4, metavar="N", help="clips of a process (%(default)s)"
    )
    parser.add_argument(
        "--steps", type=count, default=10, metavar="N", help="that are timed (%(default)s)"
    )
    parser.add_argument("--workers", type=count, default=2, metavar="N", help="decoding threads")
    args = parser.parse_args(argv)
    import torch

    from training.papers.harness.trainer import Settings, train_stage
    from training.papers.systems.build import build
    from training.papers.tiny.everything import tiny_request
    from training.papers.train import USUAL

    clock = Clock()
    accelerator = _accelerator(clock)
    with tempfile.TemporaryDirectory() as folder:
        generator = {"av_gas": GENERATOR}.get(args.system, USUAL[args.system])
        tiny = tiny_request(args.system, generator, Path(folder) / "tiny")
        torch.manual_seed(0)
        system = build(replace(tiny, seconds=None, width=64))
        stage = system.stages[0]
        if accelerator.is_main_process:
            say(_load(args, system, stage.pixels))
        accelerator.wait_for_everyone()
        held = args.batch * accelerator.num_processes
        settings = Settings(
            args.batch, workers=args.workers, steps=WARM + args.steps, whole=held, split=args.split
        )
        with clock.watching(system):
            train_stage(system, stage, args.data, Path(folder) / "stage.pt", settings, accelerator)
        if accelerator.is_main_process:
            rate = args.steps * held / clock.seconds
            outside = 1 - clock.inside_s / clock.seconds
            say(
                f"training {args.system} {stage.name}: {rate:.3g} clips a second in "
                f"{accelerator.num_processes} process(es) of {args.batch} clips, "
                f"{1000 * clock.seconds / args.steps:.0f} ms a step, {100 * outside:.1f} % of it "
                f"outside model calls ({args.steps} steps)"
            )
    accelerator.end_training()
    return 0


@dataclass
class Clock:
    """Adds up the time in forward, backward and the optimiser's step."""

    steps: int = 0
    inside_s: float = 0.0
    """Of the steps that are timed."""
    began_s: float = 0.0
    ended_s: float = 0.0
    _entered: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Of all steps that are timed."""
        return self.ended_s - self.began_s

    def enter(self, *_: object) -> None:
        """A model call begins."""
        self._entered.append(time.perf_counter())

    def leave(self, *_: object) -> None:
        """It has ended."""
        if self.steps >= WARM:
            self.inside_s += time.perf_counter() - self._entered[-1]
        self._entered.pop()

    def end_step(self, *_: object) -> None:
        """The optimiser has made its step."""
        self.leave()
        self.steps += 1
        self.ended_s = time.perf_counter()
        if self.steps == WARM:
            self.began_s = self.ended_s

    @contextmanager
    def watching(self, system: System) -> Iterator[None]:
        """Listen to a system and to whatever optimiser there is."""
        from torch.optim.optimizer import (
            register_optimizer_step_post_hook,
            register_optimizer_step_pre_hook,
        )

        hooks: list[Any] = [
            system.register_forward_pre_hook(self.enter),
            system.register_forward_hook(self.leave),
            register_optimizer_step_pre_hook(self.enter),
            register_optimizer_step_post_hook(self.end_step),
        ]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()


def _accelerator(clock: Clock) -> Any:
    import torch
    from accelerate import Accelerator

    class Timed(Accelerator):
        def backward(self, loss: torch.Tensor, **more: Any) -> None:
            clock.enter()
            super().backward(loss, **more)
            clock.leave()

    return Timed(cpu=not torch.cuda.is_available())


def _load(args: argparse.Namespace, system: System, pixels: int | None) -> str:
    """Read one round of the split alone; say what that took."""
    from training.papers.datasets.shards import read_shards
    from training.papers.harness.batches import Wanted, batches

    reader = read_shards(args.data, args.split, seed=0)
    wanted = Wanted(system.rate_hz, system.samples, pixels)
    before = most = _resident_mb()
    began, clips = time.perf_counter(), 0
    for batch in batches((reader,), wanted, args.batch, 0, args.workers):
        clips += len(batch.keys)
        most = max(most, _resident_mb())
    seconds = time.perf_counter() - began
    return (
        f"loading {clips} clips alone: {clips / seconds:.3g} a second, {most - before:.0f} MB more "
        f"than the {before:.0f} MB of the program"
    )


def _resident_mb() -> float:
    """Memory of this process that is in use now (Linux)."""
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    raise SystemExit(main())
