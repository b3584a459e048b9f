"""The trace of a real show: a file that loads, with every stage on its named thread."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from live import cli
from tests.until import until

STAGES = {
    "main": {"open the models"},
    "sound": {"block"},
    "hearing": {"resample", "hear", "separate", "encode", "track"},
    "painting": {"paint", "condition", "generate scene", "generate panels", "take in"},
    "stage": {"compose"},
    "recorder": {"record"},
}
"""What a headless show of a sound does on which thread."""


def stages(path: Path) -> dict[str, set[str]]:
    """Return what each thread did, by the names of both."""
    events = json.loads(path.read_text("utf-8"))["traceEvents"]
    names = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    found = defaultdict(set)
    for event in events:
        if event["ph"] != "M":
            found[names[event["tid"]]].add(event["name"])
        if event["ph"] == "X":
            assert event["dur"] >= 0
    return found


def test_a_show_that_is_stopped_leaves_a_whole_trace(small_bundle: Path, tmp_path: Path) -> None:
    path, events = tmp_path / "traces" / "show.json", tmp_path / "e.jsonl"
    show = subprocess.Popen(
        [
            *(sys.executable, "-m", "live.program", "live", "--input", "demo", "--headless"),
            *("--bundle", str(small_bundle), "--runtime", "onnxruntime", "--trace", str(path)),
            *("--record", str(tmp_path / "a.mp4"), "--events", str(events)),
        ],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    try:
        until(
            lambda: show.poll() is not None
            or (events.exists() and events.read_text().count('"generate_panels"') >= 8)
        )
        assert show.poll() is None
        assert not path.exists(), "it is written at the end, and whole"
        show.send_signal(signal.SIGINT)
        _, said = show.communicate()
    finally:
        show.kill()
        show.wait()
    assert show.returncode == 130, said
    found = stages(path)
    for thread, wanted in STAGES.items():
        assert wanted <= found[thread], f"{thread}: {wanted - found[thread]} missing"
    assert found["sound to picture"] == {"sound to picture"}
    assert [entry.name for entry in path.parent.iterdir()] == ["show.json"]


def test_a_render_is_traced(small_bundle: Path, tmp_path: Path) -> None:
    import soundfile

    from tests.tiny_models import tone_of

    soundfile.write(tmp_path / "owl.wav", tone_of("owl", 4.2), 16000)
    path = tmp_path / "render.json"
    arguments = ["render", str(tmp_path / "owl.wav"), "-o", str(tmp_path / "owl.mp4")]
    arguments += ["--bundle", str(small_bundle), "--runtime", "onnxruntime", "--trace", str(path)]
    assert cli.main(arguments) == 0
    wanted = {"hear", "encode", "paint", "generate scene", "compose", "record"}
    assert wanted <= stages(path)["main"]


def test_where_no_trace_can_be_written(small_bundle: Path, tmp_path: Path, capfd) -> None:
    (tmp_path / "file").touch()
    for where in (tmp_path / "file" / "trace.json", tmp_path / "trace.txt"):
        arguments = ["live", "--headless", "--input", "demo", "--duration", "1"]
        arguments += ["--bundle", str(small_bundle), "--trace", str(where)]
        assert cli.main(arguments) == 2
        said = capfd.readouterr().err
        assert said.count("\n") == 1
        assert str(where.name if where.parent == tmp_path else where.parent) in said
