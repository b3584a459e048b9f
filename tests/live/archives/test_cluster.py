"""`--ray`: the same bytes from a cluster of real processes; where Ray is installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from live.archives.ear import How
from live.archives.lines import Recording
from live.errors import UserError
from live.settings.model import Settings
from tests.live.archives.recordings import describe, lines, write_archive, write_recording
from tests.live.archives.test_describing import DEADLY
from tests.watched import ROOT

ray = pytest.importorskip("ray", reason="the extra [cluster] is not installed")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of one machine with two cores, whose processes a deadly recording ends."""
    from ray.cluster_utils import Cluster

    folder = tmp_path_factory.mktemp("hook")
    (folder / "sitecustomize.py").write_text(DEADLY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(ROOT)]))
        head = {"num_cpus": 2, "include_dashboard": False}
        cluster = Cluster(initialize_head=True, head_node_args=head)
    yield cluster.address
    cluster.shutdown()


def test_a_cluster_writes_the_same_bytes(address: str, small_bundle: Path, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "rec")
    (archive / "letter.wav").write_text("Dear Sir or Madam")
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    describe(archive, here, small_bundle, "--threads", "1", code=3)
    told = describe(archive, there, small_bundle, "--ray", address, code=3)
    assert (told["recordings"], told["described_now"], told["errors"]) == (9, 9, 1)
    assert there.read_bytes() == here.read_bytes()
    there.write_bytes(b"".join(here.read_bytes().splitlines(keepends=True)[3:5]))
    assert describe(archive, there, small_bundle, "--ray", address, code=3)["described_now"] == 7
    assert there.read_bytes() == here.read_bytes()


def test_a_recording_that_ends_its_process_is_a_line(
    address: str, small_bundle: Path, tmp_path: Path
) -> None:
    archive, output = write_archive(tmp_path / "rec", 3), tmp_path / "out.jsonl"
    write_recording(archive / "deadly.wav")
    told = describe(archive, output, small_bundle, "--ray", address, code=3)
    assert (told["recordings"], told["errors"]) == (4, 1)
    assert lines(output)[0]["error"] == "reading it ends the process"


def test_a_machine_that_lacks_something_is_named(address: str, tmp_path: Path) -> None:
    from live.archives.cluster import _heard

    folder = os.fsencode(tmp_path)
    (tmp_path / "here.wav").touch()
    how = How(Settings(), "tiny/0")
    ray.init(address, log_to_driver=False)
    try:
        with pytest.raises(UserError, match="the machine seven does not see"):
            _heard(ray.put((None, None, "seven")), Recording(b"here.wav", 0, 0), folder, how)
        lacks = ray.put((None, "no such bundle", "seven"))
        with pytest.raises(UserError, match="on seven: no such bundle"):
            _heard(lacks, Recording(b"here.wav", 0, 0), folder, how)
        gone = Recording(b"gone.wav", 0, 0)
        assert _heard(ray.put((None, None, "seven")), gone, folder, how) == (gone, None)
    finally:
        ray.shutdown()


def test_nobody_answers(small_bundle: Path, tmp_path: Path, capfd) -> None:
    from live import cli

    write_recording(tmp_path / "a.wav")
    words = ["describe", str(tmp_path), "-o", str(tmp_path / "a.jsonl"), "--ray", "127.0.0.1:1"]
    assert cli.main([*words, "--bundle", str(small_bundle)]) == 2
    said = capfd.readouterr().err
    assert "no Ray cluster answers at 127.0.0.1:1" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "a.jsonl").exists()
