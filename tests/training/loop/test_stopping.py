"""Runs that end in time, or when somebody asks."""

from __future__ import annotations

import signal
import threading

import pytest

from training.loop.stopping import TimeIsOverError, for_minutes, stopping


def test_minutes_that_are_over_stop_a_wait() -> None:
    with pytest.raises(TimeIsOverError), for_minutes(0.0):
        threading.Event().wait(60)


def test_a_loop_that_listens_for_ctrl_c_ends_between_two_steps() -> None:
    def listen() -> None:
        with for_minutes(0.0), stopping() as stop:
            while stop.signal_number is None:
                pass
            stop.raise_signal()

    with pytest.raises(TimeIsOverError):
        listen()


def test_ctrl_c_before_the_time_is_over_stays_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt), for_minutes(60.0):
        signal.raise_signal(signal.SIGINT)


def test_a_block_that_ends_before_is_left_alone() -> None:
    with for_minutes(60.0):
        pass
    assert not any(isinstance(each, threading.Timer) for each in threading.enumerate())


def test_no_minutes_are_no_limit() -> None:
    before = threading.active_count()
    with for_minutes(None):
        assert threading.active_count() == before
