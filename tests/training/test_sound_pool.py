"""Which clips are planned from which recordings: sides never meet, folds rotate."""

from pathlib import Path

import pytest

from training.hearing.pool import HELD, PLAIN, TRAIN, Job, plan_jobs
from training.sound.recordings import Recording
from training.vocabulary import LABELS


def recording(label: str, number: int, collection: str) -> Recording:
    name = f"{label}{number}.ogg"
    return Recording(Path(name), name, label, label, f"A{number}", "CC0", collection)


RECORDINGS = [
    *(recording("rain", i, "effects") for i in range(5)),
    recording("rain", 5, "world"),
    recording("boat", 0, "ambience"),
    recording("clock", 0, "effects"),
    recording("clock", 1, "effects"),
    recording("camel", 0, "effects"),
]


@pytest.fixture(scope="module")
def jobs() -> list[Job]:
    return plan_jobs(RECORDINGS, 8, 4, 3, 0)


def names(jobs: list[Job], *splits: str) -> set[str]:
    both = [(job.recording, job.beside) for job in jobs if job.split in splits]
    return {each.name for pair in both for each in pair if each}


def test_no_recording_is_on_both_sides(jobs: list[Job]) -> None:
    assert not names(jobs, TRAIN) & names(jobs, HELD, PLAIN)
    assert names(jobs, PLAIN) == {"rain5.ogg", "boat0.ogg", "clock1.ogg"}


def test_company_is_another_recording_of_the_kind(jobs: list[Job]) -> None:
    pairs = [(job.recording, job.beside) for job in jobs if job.recording and job.beside]
    assert pairs
    assert all(a.name != b.name and a.label == b.label for a, b in pairs)


def test_fewer_recordings_mean_more_synthesis(jobs: list[Job]) -> None:
    made = {label: 0 for label in LABELS}
    for job in jobs:
        if job.recording is None:
            made[job.label] += 1
    assert (made["rain"], made["boat"], made["clock"], made["wolf"]) == (4, 8, 6, 4)


def test_labels_outside_the_words_are_few_and_trained_only(jobs: list[Job]) -> None:
    theirs = [job for job in jobs if job.label == "camel"]
    assert [job.split for job in theirs] == [TRAIN] * 3


def test_what_is_held_out_can_be_given() -> None:
    away = frozenset({"rain0.ogg"})
    assert names(plan_jobs(RECORDINGS, 8, 4, 3, 0, away), HELD, PLAIN) == away
