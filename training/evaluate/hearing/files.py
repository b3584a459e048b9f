"""What `soundglass separate` makes of two sounds: its files against the sounds, at 48 kHz."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from tqdm import tqdm

from engine.packets import F32
from engine.synthesis.catalogue import synthesise
from training.evaluate.hearing.windows import mixes_of, si_sdr_db
from training.evaluate.report.table import Row, row
from training.evaluate.setting import NotMeasuredError, Outcome, Setting, select_windows
from training.sound.recordings import read_mono

FILES = "separate: files against 2 sounds, 48 kHz"
RATE = 48_000
SECONDS = 6.0
LEVEL = 0.05
"""Root mean square of each of the two sounds."""


def file_rows(setting: Setting) -> Outcome:
    """SI-SDR improvement over the mixture of each file, against the sound that it is most like;
    mean over the files of a mix, then over the mixes.

    The file of the rest counts where there are fewer files of sources than sounds.
    """
    sounds, _ = select_windows(setting)
    gains, files = [], []
    mixes = list(_mixes(setting))
    if not mixes:
        raise NotMeasuredError("fewer than two kinds of sounds")
    with tempfile.TemporaryDirectory(prefix="soundglass-evaluate-") as name:
        for number, truths in enumerate(tqdm(mixes, "separate", unit="mix", leave=False)):
            found = separate(setting, truths.sum(0), Path(name) / str(number))
            gains.append(improvement(found, truths))
            files.append(len(found) - 1)
    spread = 1.96 * float(np.std(gains)) / np.sqrt(len(gains))
    made = "recordings" if sounds.folder is not None else "synthesised"
    note = f"{made}, {SECONDS:g} s at equal power; {sounds.caveat}"
    return Outcome([
        row(FILES, float(np.mean(gains)), note, spread, len(gains)),
        Row("  files of sources in each", float(np.mean(files)), ""),
    ], {"separate_db": np.round(gains, 2).tolist()})  # fmt: skip


def separate(setting: Setting, mixture: F32, folder: Path) -> list[F32]:
    """The files (n,) that the command writes of a mixture (n,): the sources', then the rest's."""
    folder.mkdir()
    soundfile.write(folder / "mix.wav", mixture, RATE, "FLOAT")
    out = folder / "out"
    asked = ["separate", str(folder / "mix.wav"), "-o", str(out)]
    asked += ["--bundle", str(setting.bundle.folder), "--runtime", setting.models.runtime]
    done = subprocess.run(
        [sys.executable, "-m", "live.program", *asked], capture_output=True, text=True
    )
    if done.returncode:
        raise NotMeasuredError((done.stderr.strip().splitlines() or ["it ended"])[-1])
    report = json.loads((out / "sources.json").read_text(encoding="utf-8"))
    names = [each["file"] for each in (*report["sources"], report["rest"])]
    return [
        np.asarray(soundfile.read(out / each, dtype="float32")[0], np.float32) for each in names
    ]


def improvement(files: list[F32], truths: F32) -> float:
    """dB, mean over the files of sources (n,), the last of the list being the rest; truths (k, n).

    The rest counts where there are fewer of the others than truths.
    """
    counted = files[:-1] if len(files) > len(truths) else files
    before = si_sdr_db(truths.sum(0)[None], truths)
    table = si_sdr_db(np.stack(counted)[:, None], truths[None])
    best = table.argmax(1)
    return float((table[np.arange(len(counted)), best] - before[best]).mean())


def _mixes(setting: Setting) -> Iterator[F32]:
    """(2, n) sounds of two labels at equal power."""
    sounds, rows = select_windows(setting)
    count = max(2, setting.effort.mixes // 10)
    for picks in mixes_of(sounds.pool, rows, 2, count, setting.seed + 10):
        truths = np.stack([_whole(setting, int(pick)) for pick in picks])
        if truths.any(1).all():
            yield truths / (truths.std(1, keepdims=True) + 1e-9) * LEVEL


def _whole(setting: Setting, pick: int) -> F32:
    """The loudest stretch (n,) of the recording that a take of the pool is of, over again where it
    is shorter; synthesised where its folder is not at hand."""
    assert setting.sounds is not None
    pool, size = setting.sounds.pool, round(SECONDS * RATE)
    recording = str(pool.recording[pick])
    if not recording or setting.sounds.folder is None:
        label = pool.names[pool.labels[pick]]
        return synthesise(label, SECONDS, RATE, setting.seed + 10_000 + pick)
    sound = read_mono(setting.sounds.folder / recording, RATE)
    if sound.size <= size:
        return np.resize(sound, size)
    energy = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    first = int(np.argmax(energy[size:] - energy[:-size]))
    return sound[first : first + size]
