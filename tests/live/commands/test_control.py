"""`soundglass control` against a real show that takes OSC."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from live import cli
from live.control.osc.receiver import Receiver
from tests.live.control.show import desk_of
from tests.live.staged_show import StagedShow


@pytest.fixture
def show() -> StagedShow:
    """A show to be played."""
    return StagedShow()


@pytest.fixture
def there(show: StagedShow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where it takes OSC."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with desk_of(show) as (desk, _):
        receiver = Receiver(desk, "127.0.0.1", 0)
        receiver.start()
        yield f"127.0.0.1:{receiver.port}"
        receiver.stop()


def test_a_value_is_set_and_asked_for(
    show: StagedShow, there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, line in (
        (["sensitivity", "-4.5"], "sensitivity: -4.5 dB"),
        (["sensitivity"], "sensitivity: -4.5 dB"),
        (["hop", "0.4"], "hop: 0.4 s"),
        (["panels", "2"], "panels: 2"),
        (["freeze", "on"], "freeze: on"),
        (["snapshot"], "snapshot: asked for"),
        (["save-preset", "one", "light"], "save-preset: asked for"),
    ):
        assert cli.main(["control", *arguments, "--to", there]) == 0
        assert capsys.readouterr().out == f"{line}\n"
    assert (show.settings.hop_s, show.frozen) == (pytest.approx(0.4), True)
    assert cli.main(["control", "light", "--json", "--to", there]) == 0
    assert json.loads(capsys.readouterr().out) == {"control": "light", "value": "auto"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "--list"),
        (["lihgt"], "Did you mean light?"),
        (["panels", "9"], "from 0 to 4"),
        (["panels", "many"], "from 0 to 4"),
        (["light", "blue"], "one of auto"),
        (["size", "0.5", "0.6"], "takes one value"),
        (["display", "1"], "no window"),
        (["light", "--to", "x"], "must be HOST:PORT"),
    ],
)
def test_a_mistake_is_one_line(
    there: str, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    to = [] if "--to" in arguments else ["--to", there]
    assert cli.main(["control", *arguments, *to]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert expected in err
    assert err.count("\n") == 1


def test_where_no_show_is_the_line_says_how_one_is_started(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        there = f"127.0.0.1:{free.getsockname()[1]}"
    assert cli.main(["control", "light", "--to", there]) == 2
    assert f"start one with --osc {there}" in capsys.readouterr().err
