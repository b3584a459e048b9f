"""Lines that go on for weeks: files are put aside when they are full, whole, and bounded."""

import json
from datetime import datetime

from live.keep.rotation import Rotation, put_aside
from live.messages import Messages
from live.output.line_file import line_file
from live.output.line_writer import LineWriter
from live.output.show_log import ShowLog
from tests.until import until

DAY_S = 86400.0


def write(path, lines, rotation):
    writer = LineWriter(line_file(path, rotation), "lines", lambda line: None)
    for line in lines:
        writer.put(line)
        until(lambda: not writer._lines)
    writer.close()


def test_no_line_is_lost_or_torn_and_old_files_go(tmp_path):
    path = tmp_path / "events.jsonl"
    lines = [json.dumps({"n": n, "text": "ä" * 20}) for n in range(100)]
    write(path, lines, Rotation(1000, DAY_S, None))
    files = [*sorted(put_aside(path), key=lambda each: each.stat().st_mtime_ns), path]
    assert len(files) > 3
    found = [line for each in files if each.exists() for line in each.read_text().splitlines()]
    assert sorted(found) == sorted(lines)
    assert all(each.stat().st_size < 1200 for each in files if each.exists())

    write(path, lines, Rotation(1000, DAY_S, 2))
    assert len(put_aside(path)) == 2


def test_an_old_file_is_put_aside_though_it_is_small(tmp_path):
    path = tmp_path / "a.jsonl"
    write(path, ["one", "two"], Rotation(10**6, 0.0, None))
    assert sorted(each.read_text() for each in put_aside(path)) == ["one\n", "two\n"]


def test_what_was_there_stays_and_a_torn_end_is_ended(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('whole\n{"torn": ')
    write(path, ["next"], Rotation(10**6, DAY_S, None))
    assert path.read_text() == 'whole\n{"torn": \nnext\n'
    write(path, ["anew"], None)
    assert path.read_text() == "anew\n"


def test_the_log_has_what_was_said_and_how_it_went(tmp_path, monkeypatch):
    monkeypatch.setattr("live.output.show_log.HOUR_S", 0.05)
    path, messages = tmp_path / "log.jsonl", Messages()
    log = ShowLog(path, messages, lambda: {"pictures": 7})

    def kinds():
        return [json.loads(line)["kind"] for line in path.read_text().splitlines()]

    messages.report_event("recording to a.mp4")
    messages.report_problem("waiting for microphone")
    until(lambda: "hour" in kinds())
    log.close()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    said = [(line["kind"], line["text"]) for line in lines if "text" in line]
    assert said == [("event", "recording to a.mp4"), ("problem", "waiting for microphone")]
    assert lines[0]["kind"] == "start"
    assert lines[-1]["kind"] == "end"
    assert lines[-1]["pictures"] == 7
    moments = [datetime.fromisoformat(line["at"]) for line in lines]
    assert moments == sorted(moments)
    assert all(moment.tzinfo is not None for moment in moments)
