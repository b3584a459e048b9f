"""Trains one stage of a learner in any number of processes; a run that was killed goes on from its
last checkpoint as if it had not been."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.optim import Adam, AdamW
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from training.loop.checkpoints import load_checkpoint, save_checkpoint
from training.loop.plain_errors import InputError
from training.loop.stopping import stopping
from training.papers.datasets.shards import ShardReader, read_shards
from training.papers.harness.batches import Wanted, batches
from training.papers.harness.draws import Draws
from training.papers.harness.system import Batch, Learner, Progress, Stage

OPTIMISERS: dict[str, type[torch.optim.Optimizer]] = {"Adam": Adam, "AdamW": AdamW}
LOOK_EVERY = 10
"""Steps between two looks at the loss."""
VALIDATION_SEED = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose for a run."""

    batch: int
    """Clips that one process holds at a time; a step takes as many of these as its stage asks."""
    seed: int = 0
    workers: int = 2
    """Threads of a process that decode."""
    save_every: int = 500
    """Steps."""
    steps: int | None = None
    """Of every stage, instead of what its paper says."""
    whole: int | None = None
    """Clips of a step, all processes together, instead of what its paper says."""
    split: str = "train"
    validation: str | None = None
    """Split by whose loss the best epoch is chosen, where a stage asks for one."""
    streams: int | None = None
    """In how many the shards are read; as many as there are processes if not given. The same number
    gives the same run in fewer processes."""
    frames: Mapping[str, int] | None = None
    """Which of its pictures stands for each clip; None takes the middle ones."""


def train_stage(
    learner: Learner, stage: Stage, shards: Path, out: Path, settings: Settings,
    accelerator: Accelerator,
) -> None:  # fmt: skip
    """Train it, or what is left of it; `out` is its checkpoint.

    Raises:
        InputError: the data set has no such split, or too few shards, or differs between processes.
    """
    saved = load_checkpoint(out)
    learning = _choose(learner, stage)
    if saved:
        learner.load_state_dict(saved["weights"], strict=False)
    if saved and saved["done"]:
        return
    plan = _plan(learner, stage, shards, settings, accelerator)
    optimiser = _optimiser(stage, learning)
    if saved:
        optimiser.load_state_dict(saved["optimiser"])
    model, optimiser = accelerator.prepare(learner, optimiser)
    if saved and accelerator.scaler and saved["scaler"]:
        accelerator.scaler.load_state_dict(saved["scaler"])
    step = saved["step"] if saved else 0
    best: dict[str, Any] = saved["best"] if saved else {}
    feed = plan.feed(step * plan.parts)

    def save(done: bool) -> None:
        if accelerator.is_main_process:
            weights = best["weights"] if done and best else learned(learner, [stage.name])
            content = {
                "step": step, "done": done, "best": best, "weights": weights,
                "optimiser": {} if done else optimiser.state_dict(),
                "scaler": accelerator.scaler.state_dict() if accelerator.scaler else {},
            }  # fmt: skip
            save_checkpoint(out, content)

    main = accelerator.is_main_process
    log = SummaryWriter(out.parent / "tensorboard" / stage.name, purge_step=step) if main else None
    bar = tqdm(total=plan.steps, initial=step, desc=stage.name, unit="step", disable=not main)
    with bar, stopping() as stop:
        while step < plan.steps:
            rate = rate_at(stage, step, plan.steps)
            for group in optimiser.param_groups:
                group["lr"] = rate
            progress = Progress(plan.epoch(step), stage.epochs)
            total = torch.zeros((), device=accelerator.device)
            for part in range(plan.parts):
                batch = to_device(next(feed), accelerator.device)
                draws = Draws(
                    settings.seed, *stage.name.encode(), step, part, device=accelerator.device
                )
                last = part == plan.parts - 1
                with nullcontext() if last else accelerator.no_sync(model):
                    loss = model(stage.name, batch, draws, progress) / plan.parts
                    accelerator.backward(loss)
                total += loss.detach().float()
            if stage.clip:
                accelerator.clip_grad_value_(learning, stage.clip)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            bar.update()
            ended = step == plan.steps
            if stage.best and plan.validation and (ended or plan.epoch(step) != progress.epoch):
                _keep_better(best, _validate(model, stage, plan, accelerator), learner, stage)
            if log and (step % LOOK_EVERY == 0 or ended):
                bar.set_postfix(loss=f"{total.item():.4f}")
                log.add_scalar("loss", total.item(), step)
                log.add_scalar("rate", rate, step)
            stopped = _anywhere(stop.signal_number is not None, accelerator)
            if step % settings.save_every == 0 or ended or stopped:
                save(done=ended)
            if stopped:
                break
    if log:
        log.close()
    accelerator.wait_for_everyone()
    accelerator.unwrap_model(model, keep_fp32_wrapper=False)
    vars(learner).pop("forward", None)  # unwrapping leaves the class's own there
    accelerator.free_memory()
    stop.raise_signal()
    if step < plan.steps:
        raise KeyboardInterrupt  # another process was asked to stop
    if best:
        learner.load_state_dict(best["weights"], strict=False)


@dataclass(frozen=True, slots=True)
class _Plan:
    readers: tuple[ShardReader, ...]
    validation: tuple[ShardReader, ...]
    wanted: Wanted
    count: int
    """Clips of one reader in a part."""
    parts: int
    """Of a step, whose gradients are added up."""
    steps: int
    epochs: int
    workers: int

    def epoch(self, step: int) -> int:
        return min(step * self.epochs // self.steps, self.epochs - 1)

    def feed(self, skip: int) -> Iterator[Batch]:
        return batches(self.readers, self.wanted, self.count, skip, self.workers)


def _plan(
    learner: Learner, stage: Stage, shards: Path, settings: Settings, accelerator: Accelerator
) -> _Plan:
    ranks, rank = accelerator.num_processes, accelerator.process_index
    streams = settings.streams or ranks
    own = streams // ranks
    if own * ranks != streams or settings.batch % own:
        raise InputError(f"{streams} streams and batches of {settings.batch} do not share out")

    def readers(split: str, repeat: bool) -> tuple[ShardReader, ...]:
        mine = range(rank * own, (rank + 1) * own)
        seed = settings.seed if repeat else None
        return tuple(
            read_shards(shards, split, i, streams, seed=seed, repeat=repeat) for i in mine
        )

    found = readers(settings.split, repeat=True)
    _check_same(found[0].fingerprint, shards, accelerator)
    held = settings.batch * ranks
    parts = max(1, round((settings.whole or stage.batch) / held))
    in_epoch = max(1, found[0].clips // (held * parts))
    steps = settings.steps or stage.steps or stage.epochs * in_epoch
    validation = readers(settings.validation, False) if stage.best and settings.validation else ()
    return _Plan(
        found, validation, Wanted(learner.rate_hz, learner.samples, stage.pixels, settings.frames),
        settings.batch // own, parts, steps, stage.epochs, settings.workers,
    )  # fmt: skip


def _check_same(fingerprint: str, shards: Path, accelerator: Accelerator) -> None:
    if len(_numbers(int(fingerprint[:12], 16), accelerator)) > 1:
        raise InputError(f"{shards} differs between the processes: give all the same shards")


def _anywhere(here: bool, accelerator: Accelerator) -> bool:
    """Whether it is so in any process: all of them must stop after the same step."""
    if accelerator.num_processes == 1:
        return here
    return 1 in _numbers(int(here), accelerator)


def _numbers(own: int, accelerator: Accelerator) -> set[int]:
    """Every process's number."""
    found = accelerator.gather(torch.tensor([own], device=accelerator.device))
    assert isinstance(found, Tensor)
    return set(found.tolist())


def _choose(learner: Learner, stage: Stage) -> list[nn.Parameter]:
    """Let a stage's modules learn, and everything else stand still."""
    learner.eval().requires_grad_(False)
    for module in learner.learns(stage.name):
        module.train().requires_grad_(True)
    return [weight for weight in learner.parameters() if weight.requires_grad]


def learned(learner: Learner, stages: list[str]) -> dict[str, Tensor]:
    """The weights that stages train, by their names in the learner."""
    chosen = {id(module) for stage in stages for module in learner.learns(stage)}
    found: dict[str, Tensor] = {}
    for name, module in learner.named_modules():
        if id(module) in chosen:
            found |= module.state_dict(prefix=f"{name}.")
    return {name: tensor.detach().cpu().clone() for name, tensor in found.items()}


def _optimiser(stage: Stage, learning: list[nn.Parameter]) -> torch.optim.Optimizer:
    kind: Any = OPTIMISERS[stage.optimiser]
    return kind(learning, stage.rate, weight_decay=stage.weight_decay)


def rate_at(stage: Stage, step: int, steps: int) -> float:
    """The learning rate of a step, counted from 0."""
    rising = round(stage.warm_up * steps)
    if step < rising:
        return stage.rate * (step + 1) / rising
    if not stage.cosine:
        return stage.rate
    return stage.rate * 0.5 * (1 + math.cos(math.pi * (step - rising) / max(steps - rising, 1)))


def to_device(batch: Batch, device: torch.device) -> Batch:
    """The batch with its tensors there."""
    pictures = None if batch.pictures is None else batch.pictures.to(device)
    return Batch(batch.keys, batch.sound.to(device), pictures, batch.labels)


@torch.no_grad()
def _validate(model: Any, stage: Stage, plan: _Plan, accelerator: Accelerator) -> float:
    """The mean loss over the validation split; every process takes equally many batches."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    mine = list(batches(plan.validation, plan.wanted, plan.count, 0, plan.workers))
    if not (fewest := min(_numbers(len(mine), accelerator))):
        raise InputError("the validation split has less than a batch for every process")
    losses = []
    for number, batch in enumerate(mine[:fewest]):
        draws = Draws(VALIDATION_SEED, number, device=accelerator.device)
        end = Progress(stage.epochs - 1, stage.epochs)
        losses.append(model(stage.name, to_device(batch, accelerator.device), draws, end))
    for module, mode in modes.items():
        module.training = mode
    mean = accelerator.reduce(torch.stack(losses).mean(), "mean")
    assert isinstance(mean, Tensor)
    return mean.item()


def _keep_better(best: dict[str, Any], loss: float, learner: Learner, stage: Stage) -> None:
    if loss < best.get("loss", math.inf):
        best.update(loss=loss, weights=learned(learner, [stage.name]))


def unknown_weights(learner: Learner, weights: Mapping[str, Tensor]) -> list[str]:
    """Names that a learner's stages train and that are missing, or the other way round."""
    wanted = learned(learner, [stage.name for stage in learner.stages])
    return sorted(wanted.keys() ^ weights.keys())
