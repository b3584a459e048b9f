"""A WAV that plays whatever becomes of the program that writes it, and says when it began."""

from __future__ import annotations

import signal
import struct
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from live.stems.growing_wav import GrowingWav
from tests.live.small_disk import small_disk

BEGAN = datetime(2026, 11, 27, 10, 30, 15, 500_000)
_KILLED = """
import sys
from datetime import datetime
from pathlib import Path
import numpy as np
from live.stems.growing_wav import GrowingWav
file = GrowingWav(Path(sys.argv[1]), 16000, "rain", datetime.now())
for block in range(1, 1000):
    file.write(np.full(1600, block / 1000, np.float32))
    print(block, flush=True)
    if block == 7:
        sys.stdin.read()
"""


def test_samples_come_back_and_nothing_is_clipped(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    sound = np.linspace(-1.5, 1.5, 5000, dtype=np.float32)
    file = GrowingWav(path, 16_000, "rain, track 3", BEGAN)
    for part in np.array_split(sound, 7):
        file.write(part)
        got, rate = soundfile.read(path, dtype="float32")  # whole after every write
        assert rate == 16_000
        np.testing.assert_array_equal(got, sound[: file.samples])
    file.close()
    file.close()
    np.testing.assert_array_equal(soundfile.read(path, dtype="float32")[0], sound)


def test_it_says_when_it_began_to_the_sample(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    GrowingWav(path, 16_000, "église", BEGAN).close()
    content = path.read_bytes()
    at = content.index(b"bext") + 8
    said = struct.unpack_from("<256s32s32s10s8sQH", content, at)
    texts = [each.rstrip(b"\0") for each in said[:5]]
    assert texts == [b"?glise", b"soundglass", b"", b"2026-11-27", b"10:30:15"]
    assert said[5] == round((10 * 3600 + 30 * 60 + 15.5) * 16_000)
    assert soundfile.info(path).frames == 0


def test_a_kill_costs_nothing_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    for line in child.stdout:
        if line == "7\n":
            break
    child.send_signal(signal.SIGKILL)
    child.communicate()
    got, _ = soundfile.read(path, dtype="float32")
    np.testing.assert_allclose(got, np.repeat(np.arange(1, 8) / 1000, 1600), rtol=1e-6)


def test_a_full_disk_keeps_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    file = GrowingWav(path, 16_000, "rain", BEGAN)
    with small_disk() as disk:
        disk.hold(10_001)  # within a sample
        file.write(np.ones(1000, np.float32))
        with pytest.raises(OSError, match="too large"):
            file.write(np.ones(4000, np.float32))
        file.close()
    got, _ = soundfile.read(path, dtype="float32")
    assert 1000 < got.size < 2500
    assert got.min() == got.max() == 1.0


def test_a_file_that_is_there_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text("of another day")
    with pytest.raises(FileExistsError):
        GrowingWav(path, 16_000, "rain", BEGAN)
    assert path.read_text() == "of another day"
