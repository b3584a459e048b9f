"""Whatever lies where a settings file should be: its text, or one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.system.terminal import harmless
from live.errors import UserError
from live.settings.check import check_value
from live.settings.file import read_settings_file, write_settings_file
from live.settings.model import SPECS, Settings
from live.settings.options import gather_settings
from live.settings.profiles import profile_path, read_profile
from live.settings.text import MOST_BYTES, read_toml


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_settings_file(path)
    return plain(caught.value)


def plain(error: UserError) -> str:
    """The line of an error, which names what is wrong shortly."""
    line = str(error)
    assert harmless(line) == line
    assert len(line) < 1000
    return line


def test_a_byte_order_mark_is_read_as_utf8(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes("\ufeffpanels = 2\r\n".encode())
    assert read_settings_file(path) == {"panels": 2}


ODD = {
    "nested lists": (b"panels = " + b"[" * 20_000, "nested too deep"),
    "nested tables": (b"panels = " + b"{a=" * 20_000, "nested too deep"),
    "closed lists": (b"panels = " + b"[" * 5000 + b"]" * 5000, "nested too deep"),
    "dotted keys": (b"panels" + b".a" * 20_000 + b" = 1", "name of hundreds of parts"),
    "quoted dotted keys": (b"panels = {a" + b' . "b"' * 20_000 + b" = 1}", "hundreds of parts"),
    "many digits": (b"seed = " + b"9" * 5000, "digits"),
    "many hexadecimal digits": (b"seed = 0x" + b"f" * 5000, "seed is"),
    "large": (b"seed = 1" + b"0" * 400, "whole number"),
    "large float": (b"window = 1e999", "window is inf"),
    "large whole number for a float": (b"window = 1" + b"0" * 400, "number from"),
    "binary": (bytes(range(256)), "UTF-8"),
    "utf-16": ("panels = 2".encode("utf-16"), "UTF-8"),
    "nul": (b"panels = 2\0", "not valid TOML"),
    "nul in a path": (b'record = "a\\u0000b.mp4"', "record"),
    "nul after much": (b'input = "' + b"a" * 200_000 + b'\\u0000"', "input is"),
    "no such user": (b'record = "~nouser-at-all/a.mp4"', "~nouser-at-all"),
    "escape codes": (b'"\\u001b[31m" = 1', "\\x1b[31m"),
    "a long name": (b"a" * 100_000 + b" = 1", "no setting"),
    "a long text": (b'runtime = "' + b"a" * 100_000 + b'"', "runtime"),
    "huge": (b"# " + b"x" * MOST_BYTES, "longer than"),
}


@pytest.mark.parametrize(("raw", "said"), ODD.values(), ids=ODD)
def test_what_is_odd_is_named(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(raw)
    line = refused(path)
    assert said in line
    assert str(path) in line or "nouser" in line


def test_what_is_no_plain_file_is_named_and_waited_for_by_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone").symlink_to("nowhere")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero"), tmp_path / "gone"):
        assert f"settings file {path} cannot be read" in refused(path)
    assert "too long" in refused(tmp_path / ("a" * 300))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode()))
@example(b"\xef\xbb\xbf")
def test_no_file_is_a_traceback(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(raw)
    try:
        read_toml(path)
        read_settings_file(path)
    except UserError as error:
        plain(error)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes()
    | st.integers(min_value=10**310, max_value=10**6000) | st.binary().map(os.fsdecode),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(SPECS)), VALUES)
def test_no_value_is_a_traceback(name: str, value: object) -> None:
    try:
        check_value(SPECS[name], value, name)
    except UserError as error:
        plain(error)


def test_a_profile_is_read_as_a_settings_file_is(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = profile_path("odd")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"panels = " + b"[" * 20_000)
    with pytest.raises(UserError, match="nested too deep"):
        read_profile("odd")
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UserError, match="cannot be read"):
        read_profile("odd")
    (path.parent / "a\x1b[31mb.toml").touch()
    with pytest.raises(UserError) as caught:
        read_profile("nothing-like-it")
    plain(caught.value)


def test_an_own_settings_file_that_is_none_is_named(tmp_path: Path, monkeypatch) -> None:
    from live.commands.live import parser

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "soundglass" / "settings.toml").mkdir(parents=True)
    with pytest.raises(UserError, match="it is a folder"):
        gather_settings(parser().parse([]))


def test_a_name_that_is_no_utf8_is_written_to_no_settings_file(tmp_path: Path) -> None:
    settings = Settings(input=os.fsdecode(b"r\xe9gen.wav"))
    with pytest.raises(UserError, match=r"r\\xe9gen\.wav.*not UTF-8"):
        write_settings_file(settings, tmp_path / "s.toml")
    assert list(tmp_path.iterdir()) == []
