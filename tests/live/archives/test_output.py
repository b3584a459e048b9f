"""The file of lines: whole ones only, nobody else's, and one writer at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.archives.lines import Recording, error_line, read_line
from live.archives.output import Output, open_output
from live.errors import UserError
from tests.live.small_disk import small_disk


def line(name: bytes, error: str = "no sound") -> bytes:
    return error_line(Recording(name, 3, 5), "tiny/0", error)


def read(output: Output) -> list[bytes]:
    return [each.recording.name for each, _, _ in output.read()]


def test_a_line_comes_back_whatever_the_name() -> None:
    strange = ("ä\u2028.wav".encode(), b"n\xe4.wav", b'q"\n\x1b.wav', b"\xef\xbf\xbd.wav")
    for name in (b"a/b.wav", *strange):
        written = line(name, "half a letter \udce4")
        assert written.count(b"\n") == 1
        written.decode()  # it is UTF-8, all of it
        found = read_line(written.rstrip(b"\n"))
        assert found is not None
        assert found.recording == Recording(name, 3, 5)


def test_half_a_line_is_cut_off_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for half in (b"", b'{"schema": 1, "fi', line(b"c")[:-1], b"\0" * 4000):
        path.write_bytes(line(b"a") + line(b"b") + half)
        with open_output(path) as output:
            assert read(output) == [b"a", b"b"]
            output.append(line(b"d"))
        assert path.read_bytes() == line(b"a") + line(b"b") + line(b"d")


@pytest.mark.parametrize(
    "content", [b"my notes", b"my notes\n", b'{"schema": 1}\n', line(b"a") + b"{}\n" + line(b"b")]
)
def test_another_file_stays_as_it_is(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(UserError, match="something else"), open_output(path) as output:
        read(output)
    assert path.read_bytes() == content


def test_half_of_the_very_first_line_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for half in (b'{"sch', line(b"a")[:-4]):
        path.write_bytes(half)
        with open_output(path) as output:
            assert read(output) == []
        assert not path.exists()  # a file without a line is none


def test_a_full_disk_takes_whole_lines_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with open_output(path) as output, small_disk() as disk:
        output.append(line(b"a"))
        disk.hold(len(line(b"a")) + 20)
        with pytest.raises(UserError, match=r"cannot write .*a\.jsonl"):
            output.append(line(b"b"))
        assert path.read_bytes() == line(b"a")
        disk.make_room()
        output.append(line(b"c"))
    assert path.read_bytes() == line(b"a") + line(b"c")


def test_two_never_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with open_output(path) as output:
        with pytest.raises(UserError, match="another soundglass describe writes"):
            open_output(path).__enter__()
        output.append(line(b"b"))
        output.append(line(b"a"))
        size = len(line(b"a"))
        output.put_in_order([(size, size), (0, size)])
        with pytest.raises(UserError, match="another soundglass describe writes"):
            open_output(path).__enter__()
    assert path.read_bytes() == line(b"a") + line(b"b")
    assert [each.name for each in tmp_path.iterdir()] == ["a.jsonl"]
    with open_output(path) as output:
        assert read(output) == [b"a", b"b"]


def test_no_room_to_put_in_order_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    size = len(line(b"a"))
    with open_output(path) as output, small_disk() as disk:
        output.append(line(b"b"))
        output.append(line(b"a"))
        disk.hold(size)
        with pytest.raises(UserError, match="cannot write"):
            output.put_in_order([(size, size), (0, size)])
    assert path.read_bytes() == line(b"b") + line(b"a")
    assert [each.name for each in tmp_path.iterdir()] == ["a.jsonl"]
