import resource
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from live.errors import UserError
from live.output.movie import PaintedMovie

RATE = 48_000
RUN_IN_S = 1024 / RATE
"""Of the sound encoder; the pictures are as much later, which keeps both together."""


def picture(k):
    made = np.zeros((180, 320, 3), np.uint8)
    made[:, : 8 * (k % 40)] = (200, 40, 40)
    return made


def tone(first, end):
    return (0.3 * np.sin(2 * np.pi * 440 * np.arange(first, end) / RATE)).astype(np.float32)


def write(movie, seconds, fps=25):
    for k in range(round(seconds * fps)):
        movie.add_picture(picture(k), k / fps)
        movie.add_sound(tone(k * RATE // fps, (k + 1) * RATE // fps))


def decoded(path):
    with av.open(str(path)) as container:
        pictures = [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]
    with av.open(str(path)) as container:
        sound = np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=0)])
    return pictures, sound


def test_picture_and_sound_are_there_and_in_time(tmp_path):
    movie = PaintedMovie(tmp_path / "a.mp4", 320, 180)
    write(movie, 3.0)
    movie.close()
    movie.close()
    pictures, sound = decoded(tmp_path / "a.mp4")
    assert len(pictures) == 75
    assert [round(25 * (at - RUN_IN_S)) for at, _ in pictures[1:]] == list(range(1, 75))
    assert np.abs(pictures[30][1].astype(int) - picture(30)).mean() < 6
    assert abs(sound.size - 3 * RATE) < 3000
    # The encoder's run-in is trimmed by the player; the tone's level and pitch are what count.
    spectrum = np.abs(np.fft.rfft(sound[RATE : 2 * RATE]))
    assert spectrum.argmax() == 440
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.streams.audio[0].codec_context.name == "aac"


def test_pictures_may_be_left_out_and_never_go_back(tmp_path):
    movie = PaintedMovie(tmp_path / "a.mp4", 320, 180)
    for at_s in (0.0, 0.04, 0.04, 0.02, 0.5, 0.9):
        movie.add_picture(picture(1), at_s)
    movie.add_sound(tone(0, RATE))
    movie.close()
    pictures, _ = decoded(tmp_path / "a.mp4")
    times = [round(at - RUN_IN_S, 2) for at, _ in pictures[1:]]
    assert times == [0.04, 0.5, 0.9]


WRITER = """
import sys, time
from pathlib import Path
from live.output.movie import PaintedMovie
from tests.live.output.test_movie import picture, tone, RATE
movie = PaintedMovie(Path(sys.argv[1]), 320, 180)
for k in range(100000):
    movie.add_picture(picture(k), k / 25)
    movie.add_sound(tone(k * RATE // 25, (k + 1) * RATE // 25))
    if k == 150:
        print("enough", flush=True)
    time.sleep(0.005)
"""


def test_a_killed_recording_plays(tmp_path):
    path = tmp_path / "a.mp4"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"enough\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    pictures, sound = decoded(path)
    # Of the six seconds written no more than the last fragments may be missing.
    assert pictures[-1][0] > 4.0
    assert sound.size > 4 * RATE


def test_fragments_are_short_however_few_pictures_come(tmp_path):
    movie = PaintedMovie(tmp_path / "a.mp4", 320, 180)
    write(movie, 6.0, fps=5)
    # Not closed: this is all that a killed program leaves.
    pictures, sound = decoded(tmp_path / "a.mp4")
    movie.close()
    assert pictures[-1][0] > 3.5
    assert sound.size > 3.5 * RATE


def test_unwritable(tmp_path):
    with pytest.raises(UserError, match="folder"):
        PaintedMovie(tmp_path, 320, 180)
    with pytest.raises(UserError):
        PaintedMovie(Path("/proc/nothing/a.mp4"), 320, 180)


def test_a_full_disk_is_one_clear_line(tmp_path):
    path = tmp_path / "a.mp4"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
    try:
        movie = PaintedMovie(path, 320, 180)
        with pytest.raises(UserError, match=r"a\.mp4") as told:
            write(movie, 60.0)
        movie.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert "\n" not in str(told.value)
    pictures, _ = decoded(path)
    assert len(pictures) > 10
