import threading
import time

import pytest

from engine.mailbox import Mailbox
from tests.until import LONGEST_S


def test_the_newest_wins_and_what_it_replaced_is_counted():
    box = Mailbox[int]()
    assert box.put(1)
    assert box.put(2)
    assert box.put(3)
    assert box.peek() == 3
    assert box.take(0) == 3
    assert box.take(0) is None
    assert box.dropped == 2


def test_a_waiting_reader_gets_what_comes():
    box = Mailbox[str]()
    timer = threading.Timer(0.05, box.put, ["late"])
    timer.start()
    assert box.take(LONGEST_S) == "late"
    timer.join()


def test_who_only_looks_waits_too_and_leaves_the_newest_to_be_taken():
    box = Mailbox[str]()
    assert box.peek() is None
    timer = threading.Timer(0.05, box.put, ["late"])
    timer.start()
    assert box.peek(LONGEST_S) == "late"
    timer.join()
    box.put("newest")
    assert box.take(0) == "newest"
    assert box.peek(0.01) is None


def test_waiting_ends_with_its_time():
    box = Mailbox[int]()
    began = time.monotonic()
    assert box.take(0.05) is None
    assert time.monotonic() - began > 0.04


def test_waiting_takes_no_processor_time():
    box = Mailbox[int]()
    began = time.thread_time()
    assert box.take(0.3) is None
    assert time.thread_time() - began < 0.05


def test_closing_wakes_every_waiting_reader():
    box = Mailbox[int]()
    found: list[int | None] = []
    readers = [threading.Thread(target=lambda: found.append(box.take())) for _ in range(4)]
    for reader in readers:
        reader.start()
    time.sleep(0.05)
    box.close()
    for reader in readers:
        reader.join(LONGEST_S)
    assert found == [None] * 4
    assert box.closed


def test_a_closed_mailbox_gives_what_it_holds_and_takes_no_more():
    box = Mailbox[int]()
    box.put(1)
    box.close()
    assert not box.put(2)
    assert box.take() == 1
    assert box.take() is None


def test_none_is_refused():
    with pytest.raises(ValueError, match="None"):
        Mailbox[None]().put(None)


def test_nothing_is_lost_between_threads_but_what_is_counted():
    box = Mailbox[int]()
    sent, got = 20_000, []

    def read() -> None:
        while (thing := box.take()) is not None:
            got.append(thing)

    reader = threading.Thread(target=read)
    reader.start()
    for i in range(1, sent + 1):
        box.put(i)
    box.close()
    reader.join(LONGEST_S)
    assert not reader.is_alive()
    assert got == sorted(set(got))
    assert got[-1] == sent
    assert len(got) + box.dropped == sent
