"""What is remembered from run to run."""

import pytest

from live.kiosk.runs import KEPT, QUICK_S, SAFE_AFTER, Runs, note_seen, read_runs, write_runs

NOON = 1_000_000.0


def crashed(times: int, lasted_s: float = 5.0, runs: Runs | None = None) -> Runs:
    runs = runs or Runs()
    for number in range(times):
        began_s = NOON + 100 * number
        runs = runs.begun(7, False, began_s).ended("it fell over", True, began_s + lasted_s)
    return runs


def test_quick_crashes_in_a_row_are_counted_and_waited_for():
    assert [crashed(n).wait_s for n in range(5)] == [0.0, 1.0, 2.0, 4.0, 8.0]
    assert crashed(20).wait_s == 60.0
    assert crashed(SAFE_AFTER).quick == SAFE_AFTER
    assert crashed(3, QUICK_S + 1).quick == 0
    assert crashed(1, QUICK_S + 1, crashed(3)).quick == 0
    closed = crashed(3).begun(7, False, NOON).ended("it was closed", False, NOON + 2)
    assert closed.quick == 0
    assert crashed(1, -3600.0).quick == 0  # the clock was set back meanwhile


def test_a_run_that_could_not_say_how_it_ended_is_found_by_the_next():
    runs = Runs().begun(7, False, NOON)
    after = runs.begun(8, False, NOON + 500)
    assert after.ends[-1].why.startswith("it ended without a word")
    assert after.ends[-1].is_quick
    assert after.pid == 8
    assert Runs().ended("nothing ran") == Runs()


def test_it_is_read_as_it_was_written_and_does_not_grow(tmp_path):
    path = tmp_path / "state" / "kiosk.json"
    runs = crashed(KEPT + 20).begun(9, True, NOON)
    write_runs(runs, path)
    assert read_runs(path) == runs
    assert len(runs.ends) == KEPT
    note_seen(path, "painting stands still")
    assert read_runs(path).standing_still == "painting stands still"
    assert read_runs(path).seen_s == NOON
    note_seen(path, "")
    assert read_runs(path).standing_still == ""
    assert read_runs(path).seen_s > NOON


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"ends": [{}]}', '{"ends": [], "n": 1}', "\x00"])
def test_what_cannot_be_understood_is_nothing(tmp_path, text):
    (tmp_path / "kiosk.json").write_text(text)
    assert read_runs(tmp_path / "kiosk.json") == Runs()
