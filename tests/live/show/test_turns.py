import threading
import time

from live.show.turns import Turns
from tests.until import until


def test_never_two_at_once_and_both_get_their_share():
    turns = Turns()
    inside, most, counts = 0, 0, {"hearing": 0, "painting": 0}
    def work(name, turn):
        nonlocal inside, most
        # Both want the cores all the time: where one starved, this would never end.
        while min(counts.values()) < 40:
            with turn():
                inside += 1
                most = max(most, inside)
                time.sleep(0.002)
                inside -= 1
            counts[name] += 1

    threads = [
        threading.Thread(target=work, args=("hearing", turns.hearing)),
        threading.Thread(target=work, args=("painting", turns.painting)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_hearing_goes_before_painting_that_waited_longer():
    turns, order = Turns(), []
    painting_first = turns.painting()
    painting_first.__enter__()

    def want(name, turn):
        with turn():
            order.append(name)

    painter = threading.Thread(target=want, args=("painting", turns.painting))
    painter.start()
    until(lambda: turns._painting_waits)
    hearer = threading.Thread(target=want, args=("hearing", turns.hearing))
    hearer.start()
    until(lambda: turns._hearing_waits)
    painting_first.__exit__(None, None, None)
    painter.join()
    hearer.join()
    assert order == ["hearing", "painting"]
