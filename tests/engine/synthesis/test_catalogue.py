"""The synthesised sounds: repeatable, sound in level, each unlike the others; the demo's truth."""

import numpy as np
import pytest

from engine.synthesis.catalogue import (
    DEMO_SECONDS,
    SYNTHESISED,
    demo_soundscape,
    synthesise,
)

RATE = 16000


@pytest.mark.parametrize("label", SYNTHESISED)
def test_every_label_is_finite_repeatable_and_changes_with_the_seed(label: str) -> None:
    first = synthesise(label, 2.5, RATE, 7)
    assert first.shape == (40000,)
    assert first.dtype == np.float32
    assert np.isfinite(first).all()
    assert 0.02 < np.abs(first).max() <= 0.96
    assert np.array_equal(first, synthesise(label, 2.5, RATE, 7))
    assert not np.array_equal(first, synthesise(label, 2.5, RATE, 8))


@pytest.mark.parametrize("label", SYNTHESISED)
@pytest.mark.parametrize("rate", [8000, 48000])
def test_every_label_can_be_made_at_other_rates_and_very_short(label: str, rate: int) -> None:
    assert synthesise(label, 0.1, rate, 3).shape == (rate // 10,)


def test_low_sounds_are_lower_than_high_ones() -> None:
    def centroid(label: str) -> float:
        x = synthesise(label, 4.0, RATE, 1)
        power = np.abs(np.fft.rfft(x)) ** 2
        return float((np.fft.rfftfreq(x.size, 1 / RATE) * power).sum() / power.sum())

    assert max(map(centroid, ("thunder", "cow", "owl"))) < min(map(centroid, ("birds", "insects")))


def test_nonsense_is_refused_with_the_choice() -> None:
    with pytest.raises(ValueError, match="choose one of rain"):
        synthesise("unicorn", 1.0, RATE, 0)
    with pytest.raises(ValueError, match="0 < seconds"):
        synthesise("rain", -1.0, RATE, 0)


def test_demo_holds_what_its_events_say() -> None:
    samples, events = demo_soundscape(RATE)
    assert samples.shape == (round(DEMO_SECONDS * RATE),)
    assert 0.1 < np.abs(samples).max() <= 0.96
    assert {"rain", "wind", "birds", "thunder", "waves", "church bells"} <= {
        e.label for e in events
    }
    assert all(0 <= e.start_s < e.end_s <= DEMO_SECONDS for e in events)
    quiet = samples[: int(0.4 * RATE)]
    loud = samples[int(40 * RATE) : int(44 * RATE)]
    assert np.sqrt(np.mean(loud**2)) > 30 * np.sqrt(np.mean(quiet**2))
    again, _ = demo_soundscape(RATE)
    assert np.array_equal(samples, again)


def test_demo_can_be_shorter_or_longer_than_its_score() -> None:
    short, events = demo_soundscape(RATE, seconds=12.0)
    assert short.size == 12 * RATE
    assert max(e.end_s for e in events) <= 12.0
    long, events = demo_soundscape(8000, seconds=100.0)
    assert long.size == 800000
    assert any(e.start_s > DEMO_SECONDS for e in events)
