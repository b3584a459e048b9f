"""What `--out` is read as, and the one line for what it cannot be."""

from __future__ import annotations

import pytest

from live.errors import UserError
from live.sinks.address import Address, Kind, read_out, read_outs


@pytest.mark.parametrize(
    ("text", "kind", "where", "said"),
    [
        ("rtmp://a.example/live/KEY", Kind.RTMP, None, "rtmp://a.example/live/..."),
        ("rtmps://a.example:443/app/KEY?x=1", Kind.RTMP, None, "rtmps://a.example:443/app/..."),
        ("rtmp://me:secret@a.example/live", Kind.RTMP, None, "rtmp://a.example"),
        ("srt://[::1]:9000?passphrase=secret", Kind.SRT, None, "srt://[::1]:9000"),
        ("ndi:Living room", Kind.NDI, "Living room", "ndi:Living room"),
        ("ndi", Kind.NDI, "Soundglass", "ndi:Soundglass"),
        ("ndi-panels", Kind.NDI_PANELS, "Soundglass", "ndi-panels"),
        ("ndi-panels:Hall", Kind.NDI_PANELS, "Hall", "ndi-panels:Hall"),
        ("camera", Kind.CAMERA, "", "camera"),
        ("camera:/dev/video9", Kind.CAMERA, "/dev/video9", "camera:/dev/video9"),
    ],
)
def test_addresses_and_what_they_are_called(
    text: str, kind: Kind, where: str | None, said: str
) -> None:
    found = read_out(text)
    assert found == Address(kind, text if where is None else where, said)
    assert "KEY" not in found.said
    assert "secret" not in found.said


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("rtpm://a/b/c", "Did you mean rtmp?"),
        ("http://a/b", "Use rtmp://HOST/APP/KEY"),
        ("", "is no place to send to"),
        ("rtmp:a", "is no address of a stream"),
        ("rtmp://", "is no address of a stream"),
        ("rtmp://a:port/b", "is no address of a stream"),
        ("rtmp://a b/c/d", "is no address of a stream"),
        ("srt://a", "names no port: use srt://HOST:PORT"),
    ],
)
def test_what_is_no_address_is_one_line(text: str, line: str) -> None:
    with pytest.raises(UserError) as raised:
        read_out(text)
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_address_is_named_once() -> None:
    with pytest.raises(UserError, match="named twice"):
        read_outs(["rtmp://a/b/c", "rtmp://a/b/c"])


@pytest.mark.parametrize(
    ("text", "line"),
    [("ndi:a", "pip install -c constraints.txt -e '.[ndi]'"), ("camera", "'.[camera]'")],
)
def test_an_extra_that_is_missing_is_named(
    text: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.sinks.address.find_spec", lambda name: None)
    with pytest.raises(UserError) as raised:
        read_outs([text])
    assert line in str(raised.value)


def test_without_ffmpeg_there_is_no_srt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UserError, match="needs the program ffmpeg"):
        read_outs(["srt://a:9000"])
