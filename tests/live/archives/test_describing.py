"""`soundglass describe FOLDER`: a line for each recording, the same however it came about."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from live import cli
from tests.live.archives.recordings import (
    arguments,
    describe,
    files,
    lines,
    write_archive,
    write_recording,
)
from tests.until import until
from tests.watched import ROOT


def test_a_line_for_each_and_the_same_bytes_by_any_number(
    small_bundle: Path, tmp_path: Path
) -> None:
    archive = write_archive(tmp_path / "rec")
    nightly = write_recording(archive / "nightly.wav")
    nightly.rename(archive / os.fsdecode(b"n\xe4chtlich.wav"))
    (archive / "letter.wav").write_text("Dear Sir or Madam")
    (archive / "notes.txt").touch()
    inside = archive / "out.jsonl"
    told = describe(archive, inside, small_bundle, "--threads", "1", code=3)
    assert (told["recordings"], told["described_now"], told["errors"]) == (10, 10, 1)
    assert told["other_files"] == 2  # the output itself is one
    describe(archive, tmp_path / "three.jsonl", small_bundle, "--threads", "3", code=3)
    assert inside.read_bytes() == (tmp_path / "three.jsonl").read_bytes()
    found = lines(inside)
    first = found[1]
    assert first["file"] == "night 0/000.flac"
    assert (first["seconds"], first["sample_rate_hz"], first["channels"]) == (8.0, 44100, 1)
    assert [each["label"] for each in first["heard"]] == ["thunder"]
    assert "it cannot be read as sound" in found[0]["error"]
    assert "file_base64" in found[-1]
    assert "heard" in found[-1]
    again = describe(archive, inside, small_bundle, code=3)
    assert again["described_now"] == 0
    assert inside.read_bytes() == (tmp_path / "three.jsonl").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_ended_at_any_moment_it_goes_on(
    number: signal.Signals, small_bundle: Path, tmp_path: Path
) -> None:
    archive = write_archive(tmp_path / "rec", 12)
    output = tmp_path / "out.jsonl"
    process = subprocess.Popen(
        [sys.executable, *arguments(archive, output, small_bundle, "--threads", "2")],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    until(lambda: process.poll() is not None or (output.exists() and output.stat().st_size > 700))
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does: to all of them
    else:
        process.send_signal(number)
    _, said = process.communicate(timeout=120)  # which ends when nobody holds its pipes any more
    if number == signal.SIGINT:
        assert (process.returncode, said) == (130, "soundglass: stopped.\n")
    had = files(output)
    assert 2 <= len(had) < 12
    told = describe(archive, output, small_bundle)
    assert (told["recordings"], told["described_now"]) == (12, 12 - len(had))
    describe(archive, tmp_path / "whole.jsonl", small_bundle)
    assert output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_a_folder_that_changes_between_runs(small_bundle: Path, tmp_path: Path) -> None:
    archive, output = write_archive(tmp_path / "rec", 4), tmp_path / "out.jsonl"
    describe(archive, output, small_bundle)
    before = lines(output)
    write_recording(archive / "a new one.wav", "fireworks")
    write_recording(archive / "night 1/001.flac", "thunder", 2.0)
    (archive / "night 2/002.flac").unlink()
    told = describe(archive, output, small_bundle)
    assert (told["recordings"], told["described_now"], told["gone"]) == (5, 2, 1)
    after = lines(output)
    assert files(output) == [
        "a new one.wav", "night 0/000.flac", "night 0/003.flac", "night 1/001.flac",
        "night 2/002.flac",
    ]  # fmt: skip
    assert [after[1], after[2], after[4]] == [before[0], before[1], before[3]]
    assert (before[2]["seconds"], after[3]["seconds"]) == (0.8, 2.0)


def test_what_a_person_does_to_lines_is_taken_as_meant(small_bundle: Path, tmp_path: Path) -> None:
    archive, output = write_archive(tmp_path / "rec", 4), tmp_path / "out.jsonl"
    describe(archive, output, small_bundle)
    whole = output.read_bytes()
    some = whole.splitlines(keepends=True)
    output.write_bytes(some[3] + some[0])
    assert describe(archive, output, small_bundle)["described_now"] == 2
    assert output.read_bytes() == whole


DEADLY = """
import os, signal, sys

def _look(event, given):
    name = os.fsencode(str(given[0])) if event == "open" else b""
    number = signal.SIGKILL if b"untimely" in name else signal.SIGSEGV
    if b"shaky" in name and not os.path.exists(os.environ["SHAKEN"]):
        os.mkdir(os.environ["SHAKEN"])
        name = b"deadly"
    if b"deadly" in name or b"untimely" in name:
        os.kill(os.getpid(), number)

sys.addaudithook(_look)
"""
"""Every process that opens one file ends as a decoder does that a broken file breaks, of another
only the first; and a third ends it as the system does when memory is short."""


def test_a_recording_that_ends_its_process_is_a_line(small_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(DEADLY)
    archive = write_archive(tmp_path / "rec", 3)
    write_recording(archive / "deadly.wav")
    write_recording(archive / "shaky.wav")
    env = {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
        "SHAKEN": str(tmp_path / "shaken"),
    }
    output = tmp_path / "out.jsonl"
    told = describe(archive, output, small_bundle, "--threads", "1", code=3, env=env)
    assert (told["recordings"], told["errors"]) == (5, 1)
    assert (tmp_path / "shaken").is_dir()
    assert lines(output)[0]["error"] == "reading it ends the process (SIGSEGV)"
    assert all("heard" in line for line in lines(output)[1:])


def test_what_the_system_ends_is_no_fault_of_a_recording(
    small_bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(DEADLY)
    archive = write_archive(tmp_path / "rec", 1)
    write_recording(archive / "untimely.wav")
    output = tmp_path / "out.jsonl"
    env = {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, *arguments(archive, output, small_bundle, "--threads", "1")],
        cwd=ROOT, capture_output=True, text=True, timeout=600, env=os.environ | env,
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "run this again with fewer --threads" in done.stderr
    assert files(output) == ["night 0/000.flac"]


class TestBadInput:
    @pytest.fixture
    def complaint(self, small_bundle: Path, capfd: pytest.CaptureFixture[str]):
        def run(*given: object) -> str:
            words = ["describe", *map(str, given), "--bundle", str(small_bundle)]
            assert cli.main(words) == 2
            said = capfd.readouterr()
            assert (said.out, said.err.count("\n")) == ("", 1), said.err
            return said.err

        return run

    def test_an_empty_folder(self, complaint, tmp_path: Path) -> None:
        (tmp_path / "rec").mkdir()
        assert "holds no recordings" in complaint(tmp_path / "rec", "-o", tmp_path / "a.jsonl")
        assert not (tmp_path / "a.jsonl").exists()

    def test_no_output(self, complaint, tmp_path: Path) -> None:
        assert "-o OUT.jsonl" in complaint(tmp_path)

    def test_an_output_of_another_kind(self, complaint, tmp_path: Path) -> None:
        path = write_recording(tmp_path / "a.wav")
        before = path.read_bytes()
        assert "must end in .jsonl" in complaint(tmp_path, "-o", path)
        assert path.read_bytes() == before

    @pytest.mark.parametrize("option", [("-o", "a.jsonl"), ("--ray", "auto")])
    def test_options_of_folders_for_a_file(self, complaint, tmp_path: Path, option) -> None:
        assert "is for folders" in complaint(write_recording(tmp_path / "a.wav"), *option)

    def test_a_folder_that_the_lines_are_not_of(
        self, complaint, small_bundle: Path, tmp_path: Path
    ) -> None:
        output = tmp_path / "out.jsonl"
        write_recording(tmp_path / "one/a.wav")
        write_recording(tmp_path / "two/b.wav")
        describe(tmp_path / "one", output, small_bundle)
        before = output.read_bytes()
        assert "none of the recordings in" in complaint(tmp_path / "two", "-o", output)
        assert output.read_bytes() == before

    def test_other_settings_than_before(
        self, complaint, small_bundle: Path, tmp_path: Path
    ) -> None:
        output = tmp_path / "out.jsonl"
        write_recording(tmp_path / "one/a.wav")
        describe(tmp_path / "one", output, small_bundle)
        before = output.read_bytes()
        line = complaint(tmp_path / "one", "-o", output, "--hop", "0.5")
        assert f"was heard by {json.loads(before)['by']}" in line
        assert output.read_bytes() == before

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a limit on files")
    def test_a_full_disk(self, small_bundle: Path, tmp_path: Path) -> None:
        archive, output = write_archive(tmp_path / "rec", 6), tmp_path / "out.jsonl"
        limited = ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh", sys.executable]
        done = subprocess.run(
            [*limited, *arguments(archive, output, small_bundle)],
            cwd=ROOT, capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        assert done.returncode == 2, done.stderr
        assert done.stderr.count("\n") == 1
        assert f"soundglass: cannot write {output}" in done.stderr
        assert 0 < len(lines(output)) < 6
