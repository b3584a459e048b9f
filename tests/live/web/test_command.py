"""`soundglass live --web`: a real process, seen and played over HTTP."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from live import cli
from live.web.tokens import tokens_path
from tests.live.control.test_command import free_port
from tests.live.web.asking import Answer
from tests.until import LONGEST_S, until

SHOW = ["live", "--headless", "--input", "demo", "--runtime", "onnxruntime"]


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Yield a show that is a process of its own."""
    show = subprocess.Popen(
        [sys.executable, "-m", "live.program", *SHOW, *arguments],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield show
    finally:
        show.kill()
        show.wait()


def get(url: str, **headers: str) -> Answer | None:
    """Return the answer; None while nobody answers."""
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())
    except OSError:
        return None


def test_a_show_has_a_page_and_gives_its_port_back(small_bundle: Path) -> None:
    port = free_port()
    with running("--bundle", str(small_bundle), "--web", str(port)) as show:
        until(lambda: (found := get(f"http://127.0.0.1:{port}/healthz")) and found.status == 200)
        page = get(f"http://127.0.0.1:{port}/")
        assert page is not None
        assert b"main.js" in page.body
        show.send_signal(signal.SIGINT)
        _, said = show.communicate(timeout=LONGEST_S)
    assert show.returncode == 130
    assert f"soundglass: the page for operators: http://127.0.0.1:{port}/\n" in said
    assert "Traceback" not in said
    assert not tokens_path().exists()
    assert get(f"http://127.0.0.1:{port}/healthz") is None


def test_on_a_network_two_links_are_said(small_bundle: Path) -> None:
    port = free_port()
    with running("--bundle", str(small_bundle), "--web", f"0.0.0.0:{port}") as show:
        until(lambda: get(f"http://127.0.0.1:{port}/"))
        assert show.stderr is not None
        said = [show.stderr.readline() for _ in range(2)]
        for line, role in zip(said, ("viewer", "operator"), strict=True):
            found = re.fullmatch(rf"soundglass: the page for {role}s: (http://\S+/t/\S+/)\n", line)
            assert found, line
            path = found[1].partition(f":{port}")[2]
            answer = get(f"http://127.0.0.1:{port}{path}api")
            assert answer is not None
            assert answer.json["role"] == role
        answer = get(f"http://127.0.0.1:{port}/")
        assert answer is not None
        assert answer.status == 401


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("127.0.0.1:{port}", "port {port} of 127.0.0.1 is in use by another program: choose"),
        ("192.0.2.77:8080", "192.0.2.77 is no address of this machine: use 127.0.0.1, or 0.0.0.0"),
        ("somewhere", "is 'somewhere', but must be HOST:PORT"),
        ("nowhere.invalid:80", "there is no host nowhere.invalid"),
        ("127.0.0.1:70000", "must be HOST:PORT"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_line(
    small_bundle: Path, capfd: pytest.CaptureFixture[str], address: str, line: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        wanted = address.format(port=port)
        assert cli.main([*SHOW, "--bundle", str(small_bundle), "--web", wanted]) == 2
    err = capfd.readouterr().err
    assert err.startswith("soundglass: --web")
    assert line.format(port=port) in err
    assert err.count("\n") == 1


def test_without_a_value_it_is_this_machine_alone() -> None:
    from live.commands.live import live_settings, parser

    assert live_settings(parser().parse(["--web"])).web == "127.0.0.1:8080"
    assert live_settings(parser().parse(["--web", "0.0.0.0:80"])).web == "0.0.0.0:80"
    assert live_settings(parser().parse(["--web", "--midi"])).web == "127.0.0.1:8080"
    assert live_settings(parser().parse([])).web is None
