import json

import numpy as np
import pytest

from engine.packets import HeardSource, Hearing, Stamp
from live.output.event_log import EventLog
from live.output.events import event_line
from live.output.line_file import line_file
from tests.live.small_disk import small_disk, until


def hearing(window_id=0):
    source = HeardSource(
        7, np.zeros(4, np.float32), tuple((f"l{k}", 0.5**k) for k in range(8)), -23.456, 0.51239
    )
    stamp = Stamp(window_id, 0, 0, 3200 * (window_id + 1), 16_000, 100.0)
    return Hearing(stamp, (source,), -20.0, {"separate": 1.234, "hear": 2.0})


def test_the_line():
    said = json.loads(event_line(hearing(4), 123.456, 3))
    assert said == {
        "schema": 1,
        "t": 1.0,
        "window_id": 4,
        "sources": [
            {
                "track": 7,
                "labels": [["l0", 1.0], ["l1", 0.5], ["l2", 0.25], ["l3", 0.125], ["l4", 0.0625]],
                "lufs": -23.46,
                "significance": 0.5124,
            }
        ],
        "timings_ms": {"separate": 1.23, "hear": 2.0},
        "sound_to_picture_ms": 123.5,
        "dropped": 3,
    }
    assert json.loads(event_line(hearing()))["sound_to_picture_ms"] is None


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_one_line_for_each_hearing_in_order(tmp_path):
    path = tmp_path / "events.jsonl"
    log = EventLog(line_file(path), pytest.fail)
    heard = [hearing(k) for k in range(4)]
    for each in heard[:3]:
        log.add_hearing(each, 0)
    log.add_picture(heard[1], 50.0, {"paint": 9.0})
    log.add_hearing(heard[3], 1)
    log.add_picture(heard[1], 70.0, {})
    log.close()
    said = lines(path)
    assert [line["window_id"] for line in said] == [0, 1, 2, 3]
    assert [line["sound_to_picture_ms"] for line in said] == [None, 50.0, None, None]
    assert said[1]["timings_ms"] == {"separate": 1.23, "hear": 2.0, "paint": 9.0}
    assert said[3]["dropped"] == 1


def test_without_pictures_the_lines_come_all_the_same(tmp_path):
    path = tmp_path / "events.jsonl"
    log = EventLog(line_file(path), pytest.fail)
    for k in range(40):
        log.add_hearing(hearing(k), 0)
    until(lambda: len(lines(path)) > 10)
    log.close()
    assert [line["window_id"] for line in lines(path)] == list(range(40))


def test_a_full_disk_leaves_whole_lines_and_no_gap_once_there_is_room(tmp_path):
    path, told = tmp_path / "events.jsonl", []
    with small_disk() as disk:
        disk.hold(3000)
        log = EventLog(line_file(path), told.append)
        for k in range(60):
            log.add_hearing(hearing(k), 0)
        until(lambda: told)
        assert str(path) in told[0]
        assert 5 < len(lines(path)) < 20
        disk.make_room()
        until(lambda: len(told) == 2)
    log.close()
    assert len(told) == 2
    assert [line["window_id"] for line in lines(path)] == list(range(60))
    assert log.missing == 0
