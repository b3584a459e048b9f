"""What a show says on its window is harmless as well: names turn no writing round there."""

from __future__ import annotations

from live.errors import UserError
from live.messages import Messages

NAME = "a\x1b[2J\u202egpj\n.wav"
SHOWN = "a\\x1b[2J\\u202egpj\\n.wav"


def test_messages_of_a_show() -> None:
    messages = Messages()
    assert messages.current(f"waiting for {NAME}") == f"waiting for {SHOWN}"
    messages.report_event(f"recording to {NAME}")
    assert messages.current(None) == f"recording to {SHOWN}"


def test_an_error_for_people() -> None:
    assert str(UserError(f"there is no {NAME}")) == f"there is no {SHOWN}"
