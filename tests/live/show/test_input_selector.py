"""The input of a show: heard from its first sample, changed for another, kept where that fails."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from live.errors import UserError
from live.input.shared_ring import RING_HZ
from live.messages import Messages
from live.show.input_selector import InputSelector
from tests.until import until


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    """Half a second of a tone."""
    path = tmp_path / "tone.wav"
    tone = 0.1 * np.sin(np.arange(RING_HZ // 2) * 0.05)
    soundfile.write(path, tone.astype(np.float32), RING_HZ)
    return path


@pytest.fixture
def selector(a_file: Path) -> Iterator[InputSelector]:
    made = InputSelector(str(a_file), 0.2, Messages(), waits=False, ends=True)
    yield made
    made.stop()
    made.close()


def test_each_input_is_heard_from_where_it_begins_to_where_it_ends(selector: InputSelector) -> None:
    heard = []
    selector.start(lambda sample, end: heard.append((sample, end)))
    (first, end) = heard[0]
    assert first == 0
    until(lambda: end() is not None)
    assert end() == RING_HZ // 2
    selector.select("demo", 0.2)
    assert selector.name == "demo"
    (sample, end) = heard[1]
    assert sample >= RING_HZ // 2
    assert end() is None
    assert selector.progress()[0] < 60.0


def test_an_input_that_cannot_be_opened_changes_nothing(
    selector: InputSelector, a_file: Path
) -> None:
    heard = []
    selector.start(lambda sample, end: heard.append(sample))
    for wanted, window_s in (("nowhere.wav", 0.2), (str(a_file), 3.0)):
        with pytest.raises(UserError, match="wav"):
            selector.select(wanted, window_s)
    assert selector.name == str(a_file)
    assert len(heard) == 1


def test_without_an_end_a_file_is_followed_by_silence(a_file: Path) -> None:
    selector = InputSelector(str(a_file), 0.2, Messages(), waits=False, ends=False)
    ends = []
    selector.start(lambda _, end: ends.append(end))
    until(lambda: selector.ring.written > 0.7 * RING_HZ)
    assert ends[0]() is None
    selector.stop()
    assert selector.name == ""
    assert selector.message is None
    selector.close()
