"""Stages are run once, go on after a stop, and are made again when what they read has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.picturebook.stages import Stage, StageNotRunError, run_stages


class Kitchen:
    """Four stages that write files: flour and eggs, a dough of both, a cake of the dough."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log, self.minutes = folder, [], 1
        self.broken: str | None = None

    def stages(self) -> list[Stage]:
        return [
            self._stage("flour"),
            self._stage("eggs", settings={"minutes": self.minutes}),
            self._stage("dough", "flour", "eggs"),
            self._stage("cake", "dough"),
        ]

    def _stage(self, name: str, *needs: str, settings: dict | None = None) -> Stage:
        path = self.folder / name

        def run() -> None:
            self.log.append(f"{name}, going on" if path.exists() else name)
            path.write_text("half")
            if self.broken == name:
                raise KeyboardInterrupt
            path.write_text("whole")

        return Stage(name, "is made", (path,), run, needs, settings or {})

    def cook(self, first: str | None = None) -> list[str]:
        self.log = []
        run_stages(self.stages(), self.folder, first, say=lambda _: None)
        return self.log


@pytest.fixture
def kitchen(tmp_path: Path) -> Kitchen:
    return Kitchen(tmp_path)


def test_what_is_done_is_not_done_again(kitchen: Kitchen) -> None:
    assert kitchen.cook() == ["flour", "eggs", "dough", "cake"]
    assert kitchen.cook() == []


def test_what_was_interrupted_goes_on(kitchen: Kitchen) -> None:
    kitchen.broken = "dough"
    with pytest.raises(KeyboardInterrupt):
        kitchen.cook()
    kitchen.broken = None
    assert kitchen.cook() == ["dough, going on", "cake"]


def test_other_settings_go_on_and_what_depends_is_made_again(kitchen: Kitchen) -> None:
    kitchen.cook()
    kitchen.minutes = 2
    assert kitchen.cook() == ["eggs, going on", "dough", "cake"]


def test_a_lost_file_is_made_again(kitchen: Kitchen) -> None:
    kitchen.cook()
    (kitchen.folder / "flour").unlink()
    assert kitchen.cook() == ["flour", "dough", "cake"]


def test_starting_at_a_stage_takes_the_earlier_as_they_are(kitchen: Kitchen) -> None:
    with pytest.raises(StageNotRunError, match="flour"):
        kitchen.cook(first="dough")
    for name in ("flour", "eggs", "cake"):
        (kitchen.folder / name).write_text("bought")
    assert kitchen.cook(first="dough") == ["dough", "cake"]
    kitchen.minutes = 2
    assert kitchen.cook(first="cake") == ["cake"]
    assert kitchen.cook(first="eggs") == ["eggs", "dough", "cake"]


def test_what_does_not_depend_on_the_first_is_left(kitchen: Kitchen) -> None:
    kitchen.cook()
    assert kitchen.cook(first="flour") == ["flour", "dough", "cake"]


def test_a_stage_that_leaves_nothing_is_an_error(kitchen: Kitchen) -> None:
    empty = Stage("empty", "does nothing", (kitchen.folder / "x",), lambda: None)
    with pytest.raises(RuntimeError, match="without"):
        run_stages([empty], kitchen.folder, say=lambda _: None)
