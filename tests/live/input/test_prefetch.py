import threading
import time

import pytest

from live.input.prefetch import PREFETCHED, Prefetcher
from tests.until import until


def test_all_items_in_order():
    assert list(Prefetcher(iter(range(100)))) == list(range(100))


def test_what_the_making_raises_comes_after_the_items_before_it():
    def items():
        yield 1
        raise ValueError("no more")

    taken = Prefetcher(items())
    assert next(taken) == 1
    with pytest.raises(ValueError, match="no more"):
        next(taken)


def test_no_more_is_made_than_needed_and_closing_ends_it():
    made = []

    def items():
        for k in range(1000):
            made.append(k)
            yield k

    taken = Prefetcher(items())
    next(taken)
    time.sleep(0.1)
    assert len(made) <= PREFETCHED + 3
    taken.close()
    until(lambda: all(thread.name != "ahead" for thread in threading.enumerate()))
