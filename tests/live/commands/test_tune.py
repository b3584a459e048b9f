"""`soundglass tune`: real models, real shows, a profile that a show loads; stopped, it goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from live import cli
from live.settings.profiles import read_profile
from live.tuning.measurements import ShowFigures
from live.tuning.plot import HEIGHT, WIDTH

LONG = "--target-ms=5000", "--min-scenes=0"
"""A goal that any machine reaches, however busy."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Caches, profiles and plots of this test's own."""
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


@pytest.fixture
def one_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """One runtime and one show are enough to see that everything works."""
    monkeypatch.setattr("engine.runtimes.open.installed_runtimes", lambda: ("onnxruntime",))
    monkeypatch.setattr("live.tuning.run.QUICK_SHOWS", 1)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--target-ms", "10"], "--target-ms is 10, but must be a number from 50 to 5000"),
        (["--target-ms", "nan"], "--target-ms is nan"),
        (["--min-scenes", "30"], "--min-scenes is 30"),
        (["--panels", "9"], "--panels is 9"),
        (["-o", "plot.jpg"], "must end in .png"),
        (["--name", "../x"], "no name for a profile"),
        (["--bundle", "nowhere"], "no bundle"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], expected: str, capsys) -> None:
    assert cli.main(["tune", *arguments]) == 2
    said = capsys.readouterr().err
    assert expected in said
    assert said.count("\n") == 1


def test_what_it_finds_is_written_as_a_profile(
    small_bundle: Path, home: Path, one_show: None, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = ["tune", "--quick", *LONG, "--bundle", str(small_bundle), "--panels", "2"]
    assert cli.main([*arguments, "--name", "hall"]) == 0
    said = capsys.readouterr().out
    assert "soundglass live --profile hall" in said
    assert "<- chosen" in said
    found = read_profile("hall")
    assert (found["runtime"], found["panels"], found["target_ms"]) == ("onnxruntime", 2, 5000.0)
    assert (found["size"], found["precision"]) == (1.0, "auto")
    assert found["threads"] >= 1
    with Image.open(home / "XDG_DATA_HOME" / "soundglass" / "soundglass-tune.png") as plot:
        assert plot.size == (WIDTH, HEIGHT)
        assert len(np.unique(np.asarray(plot).reshape(-1, 3), axis=0)) > 20

    # What is known is not measured again, whatever the goal; nothing reaches this one.
    monkeypatch.setattr("live.tuning.run.QUICK_SHOWS", 0)
    monkeypatch.setattr("live.tuning.run.measure_costs", None)
    plot = home / "plots" / "a.png"
    again = ["tune", "--quick", "--json", "--target-ms", "50", "--min-scenes", "20"]
    again += ["--panels", "2", "--bundle", str(small_bundle), "-o", str(plot)]
    assert cli.main(again) == 0
    one = json.loads(capsys.readouterr().out)
    assert one["met"] is False
    assert one["chosen"] in one["shown"]
    assert one["chosen"]["p95_ms"] > 0
    assert read_profile("tuned")["target_ms"] == 50.0
    assert plot.is_file()


def test_that_nothing_reaches_the_goal_is_said_in_plain_words(
    small_bundle: Path, one_show: None, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = ShowFigures(700.0, 900.0, 1.5, 480.0, 9, 3)
    costs = {
        "hear_ms": {"4/0.2": 400.0},
        "paint_ms": {f"{steps}/1/{pace}": [300.0, 200.0] for steps in (1, 2) for pace in (1, 2)},
    }
    monkeypatch.setattr("live.tuning.run._measure_show", lambda *_: slow)
    monkeypatch.setattr("live.tuning.run.measure_costs", lambda *_: costs)
    assert cli.main(["tune", "--quick", "--bundle", str(small_bundle)]) == 0
    said = capsys.readouterr().out
    assert "Nothing on this machine stays under 150 ms at 8 scenes a second" in said
    assert "p95 900 ms, 1.5 scenes a second" in said
    assert read_profile("tuned")["panels"] == 4


def test_a_runtime_that_fails_is_left_out_and_named(
    small_bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("engine.runtimes.open.installed_runtimes", lambda: ("abacus",))
    assert cli.main(["tune", "--quick", "--bundle", str(small_bundle)]) == 2
    said = capsys.readouterr().err
    assert "no runtime can run the bundle" in said
    assert "abacus" in said
    assert said.count("\n") == 1


HELD = """
import sys
from live import cli
from live.tuning import run

def held(*_):
    print("the costs are known", flush=True)
    sys.stdin.read()

run._measure_show = held
raise SystemExit(cli.main(sys.argv[1:]))
"""
"""A tuning that has measured what the models cost and does not come to an end of its first show."""


def test_stopped_it_keeps_what_it_measured_and_goes_on(
    small_bundle: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["tune", "--quick", *LONG, "--bundle", str(small_bundle)]
    tuning = subprocess.Popen(
        [sys.executable, "-c", HELD, *asked],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # a shell that starts the tests in its background has them ignore Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        assert tuning.stdout is not None
        assert tuning.stdout.readline() == "the costs are known\n", tuning.communicate()
        tuning.send_signal(signal.SIGINT)
        _, said = tuning.communicate()
    finally:
        tuning.kill()
    assert tuning.returncode == 130
    assert "goes on from there" in said.splitlines()[-1]
    assert "Traceback" not in said
    (kept,) = (home / "XDG_CACHE_HOME" / "soundglass" / "tuning").glob("*.json")
    assert len(json.loads(kept.read_text())["costs"]) >= 1
    assert not list((home / "XDG_CONFIG_HOME").rglob("*.toml"))

    # The same command goes on from there: no cost is measured again.
    monkeypatch.setattr("live.tuning.run.measure_costs", None)
    figures = ShowFigures(90.0, 99.0, 9.0, 480.0, 9, 3)
    monkeypatch.setattr("live.tuning.run._measure_show", lambda *_: figures)
    assert cli.main(asked) == 0
    assert read_profile("tuned")["target_ms"] == 5000.0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_show_runs_with_what_a_tuning_wrote(small_bundle: Path, home: Path) -> None:
    base = [sys.executable, "-m", "live.program"]
    tuned = subprocess.run(
        [*base, "tune", "--quick", *LONG, "--bundle", str(small_bundle), "--json"],
        capture_output=True, text=True, check=True, env=os.environ,
    )  # fmt: skip
    found = json.loads(tuned.stdout)
    assert found["met"]
    shown = subprocess.run(
        [
            *(*base, "live", "--profile", "tuned", "--input", "demo", "--headless"),
            *("--duration", "3", "--bundle", str(small_bundle)),
        ],
        capture_output=True, text=True, check=True, env=os.environ,
    )  # fmt: skip
    assert "pictures" in shown.stderr
