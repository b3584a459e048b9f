"""`soundglass render`: every frame, the same for the same seed, whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from live import cli
from live.files.rendering import FPS
from tests.live.commands.sounds import RATE, tone
from tests.until import until

SECONDS = 4.48


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "fire.wav"
    samples = tone("fire", (1.0, 4.0))[: round(SECONDS * RATE)]
    soundfile.write(path, samples, RATE)
    return path


@pytest.fixture(scope="module")
def short_sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1.6 s, for what shows from the first second on: a train, which drives."""
    path = tmp_path_factory.mktemp("short") / "train.wav"
    soundfile.write(path, tone("train", (0.2, 4.0))[: round(1.6 * RATE)], RATE)
    return path


def render(sound: Path, film: Path, bundle: Path, *more: str) -> Path:
    arguments = ["render", str(sound), "-o", str(film), "--bundle", str(bundle), *more]
    assert cli.main([*arguments, "--window", "1", "--runtime", "onnxruntime"]) == 0
    return film


@pytest.fixture(scope="module")
def film(small_bundle: Path, sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(sound, tmp_path_factory.mktemp("film") / "fire.mp4", small_bundle)


def pictures(film: Path) -> list[np.ndarray]:
    with av.open(str(film)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_every_frame_is_there_and_the_sound_with_it(film: Path) -> None:
    assert len(pictures(film)) == round(SECONDS * FPS)
    with av.open(str(film)) as container:
        samples = np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=0)])
        rate = container.streams.audio[0].rate
    assert samples.size / rate == pytest.approx(SECONDS, abs=0.05)
    loud = np.sqrt(np.mean(samples[2 * rate : 3 * rate] ** 2))
    quiet = np.sqrt(np.mean(samples[: rate // 2] ** 2))
    assert loud > 10 * max(quiet, 1e-4)


def test_the_pictures_follow_the_sound(film: Path) -> None:
    frames = pictures(film)
    silent, sounding = frames[FPS // 2].astype(float), frames[3 * FPS].astype(float)
    assert np.abs(sounding - silent).mean() > 5


def test_the_same_seed_gives_the_same_film(
    small_bundle: Path, short_sound: Path, tmp_path: Path
) -> None:
    film, again = (
        render(short_sound, tmp_path / f"{name}.mp4", small_bundle) for name in ("film", "again")
    )
    assert again.read_bytes() == film.read_bytes()
    other = render(short_sound, tmp_path / "other.mp4", small_bundle, "--seed", "9")
    assert other.read_bytes() != film.read_bytes()
    still = render(short_sound, tmp_path / "still.mp4", small_bundle, "--motion", "0")
    assert still.read_bytes() != film.read_bytes()


def test_light_and_style_are_those_asked_for(
    small_bundle: Path, short_sound: Path, tmp_path: Path
) -> None:
    films = [
        render(short_sound, tmp_path / f"{number}.mp4", small_bundle, *asked)
        for number, asked in enumerate(
            (("--light", "night"), ("--light", "snow"), ("--light", "night", "--style", "papercut"))
        )
    ]
    night, snow, cut = (pictures(each)[-1].astype(float) for each in films)
    assert np.abs(night - snow).mean() > 1
    assert np.abs(night - cut).mean() > 1


def test_a_light_that_there_is_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    film = str(tmp_path / "a.mp4")
    assert cli.main(["render", "demo", "-o", film, "--light", "dusc"]) == 2
    said = capsys.readouterr().err
    assert "Did you mean dusk?" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_nothing_half_written(
    small_bundle: Path, tmp_path: Path, how: signal.Signals
) -> None:
    film = tmp_path / "out" / "demo.mp4"
    rendering = subprocess.Popen(
        [
            *(sys.executable, "-m", "live.program", "render", "demo", "-o", str(film)),
            *("--bundle", str(small_bundle), "--runtime", "onnxruntime"),
        ],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
        # a shell that starts the tests in its background has them ignore Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        until(
            lambda: rendering.poll() is not None
            or (film.parent.exists() and any(film.parent.iterdir()))
        )
        assert rendering.poll() is None
        rendering.send_signal(how)
        _, said = rendering.communicate()
    finally:
        rendering.kill()
    assert rendering.returncode == 128 + how
    assert said == "soundglass: stopped.\n"
    assert list(film.parent.iterdir()) == []
