"""Makes shards on all cores: a process takes a shard at a time, and what is whole stays whole.

A worker writes the key of the clip that it decodes into a note beside its shard. Where a decoder
takes its whole process down (broken videos can), the notes tell which clips to try alone; those
that do it again are broken like any other.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from training.loop.plain_errors import InputError
from training.loop.stopping import Stop, stopping
from training.loop.whole_files import write_text
from training.papers.datasets.broken import Broken
from training.papers.datasets.index import Shard
from training.papers.datasets.plan import Task
from training.papers.datasets.sample import Sample
from training.papers.datasets.tar import write_tar

MADE = "made"
"""Folder of what was made of each shard's clips."""
_LOOK_S = 0.2
_KILLS = "decoding it ends the process"

Take = Callable[[Any], Sample]
"""Makes a clip's sample; it can go to another process. Raises Broken."""


class Made(msgspec.Struct, frozen=True):
    """What became of a shard."""

    recipe: str
    shard: Shard
    labels: dict[str, int]
    broken: list[tuple[str, str]]
    """Keys, and why."""


class Stopped(Exception):  # noqa: N818
    """Somebody wants the work to end."""


_state: dict[str, Any] = {}
"""Of a worker's process: the count of clips that are done, and whether to stop."""


def make(
    tasks: Sequence[Task], folder: Path, how: Take, jobs: int,
    tick: Callable[[int], object] = lambda clips: None,
) -> list[Made]:  # fmt: skip
    """Make what is not made yet; return what became of each task, in their order.

    Args:
        tasks: the shards.
        folder: for them.
        how: makes a clip's sample.
        jobs: processes; 1 works in this one.
        tick: is told how many more clips are done.

    Raises:
        InputError: the processes are ended from outside.
        OSError: the shards cannot be written.
    """
    (folder / MADE).mkdir(parents=True, exist_ok=True)
    known = {task.file: found for task in tasks if (found := _find_made(task, folder))}
    tick(sum(len(task.clips) for task in tasks if task.file in known))
    waiting = [task for task in tasks if task.file not in known]
    lethal: set[str] = set()
    while waiting:
        try:
            for made in _work(waiting, folder, how, min(jobs, len(waiting)), tick, lethal):
                known[made.shard.file] = made
        except BrokenProcessPool as error:
            noted = [_note(folder, task) for task in waiting]
            keys = {path.read_text("utf-8") for path in noted if path.is_file()}
            suspects = [clip for task in waiting for clip in task.clips if clip.key in keys]
            found = {clip.key for clip in suspects if not _survives(clip, how)}
            if not found - lethal:
                raise InputError(
                    "the system ends the processes that decode, for want of memory perhaps: run "
                    "this again with fewer --jobs; what is made stays"
                ) from error
            lethal |= found
        waiting = [task for task in waiting if task.file not in known]
    return [known[task.file] for task in tasks]


def _work(
    tasks: list[Task], folder: Path, how: Take, jobs: int, tick: Callable[[int], object],
    lethal: set[str],
) -> Iterator[Made]:  # fmt: skip
    # heard between two clips: raised in the middle of anything, Ctrl-C can hit what swallows it
    with stopping() as heard:
        if jobs == 1:

            def heeding(clip: Any) -> Sample:
                heard.raise_signal()
                return how(clip)

            for task in tasks:
                yield _make_shard(task, folder, heeding, frozenset(lethal))
                tick(len(task.clips))
        else:
            one = partial(_make_shard, folder=folder, how=how, lethal=frozenset(lethal))
            yield from _share_out(tasks, one, jobs, tick, heard)


def _share_out(
    tasks: list[Task], one: Callable[[Task], Made], jobs: int, tick: Callable[[int], object],
    heard: Stop,
) -> Iterator[Made]:  # fmt: skip
    context = multiprocessing.get_context("spawn")
    done, stop = context.Value("q", 0), context.Event()
    told = 0
    with ProcessPoolExecutor(jobs, context, _begin, (done, stop)) as pool:
        left: set[Future[Made]] = {pool.submit(one, task) for task in tasks}
        try:
            while left:
                heard.raise_signal()
                finished, left = wait(left, _LOOK_S, FIRST_COMPLETED)
                now = done.value
                tick(now - told)
                told = now
                for future in finished:
                    yield future.result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _begin(done: Any, stop: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to stop
    _state.update(done=done, stop=stop)


def _make_shard(task: Task, folder: Path, how: Take, lethal: frozenset[str]) -> Made:
    broken: list[tuple[str, str]] = []
    labels: Counter[str] = Counter()
    note = _note(folder, task)

    def samples() -> Iterator[Sample]:
        for clip in task.clips:
            if _state and _state["stop"].is_set():
                raise Stopped
            note.write_text(clip.key, "utf-8")
            try:
                if clip.key in lethal:
                    raise Broken(_KILLS)
                sample = how(clip)
            except Broken as error:
                broken.append((clip.key, str(error)))
            else:
                labels.update(set(sample.labels))
                yield sample
            if _state:
                with _state["done"].get_lock():
                    _state["done"].value += 1

    try:
        shard = write_tar(samples(), folder / task.file)
        made = Made(task.recipe, shard, dict(sorted(labels.items())), broken)
        write_text(_made(folder, task), msgspec.json.encode(made).decode())
        return made
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


def _made(folder: Path, task: Task) -> Path:
    return folder / MADE / f"{Path(task.file).stem}.json"


def _note(folder: Path, task: Task) -> Path:
    return folder / MADE / f"{Path(task.file).stem}.now"


def _find_made(task: Task, folder: Path) -> Made | None:
    """What was made of a task before; None where that, or its recipe, is another."""
    try:
        made = msgspec.json.decode(_made(folder, task).read_bytes(), type=Made)
        size = (folder / task.file).stat().st_size
    except (OSError, msgspec.DecodeError):
        return None
    return made if (made.recipe, made.shard.bytes) == (task.recipe, size) else None


def _survives(clip: Any, how: Take) -> bool:
    process = multiprocessing.get_context("spawn").Process(target=_try, args=(clip, how))
    process.start()
    process.join()
    return process.exitcode == 0


def _try(clip: Any, how: Take) -> None:
    with suppress(Broken):
        how(clip)
