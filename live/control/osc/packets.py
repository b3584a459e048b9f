"""OSC packets: taken apart and put together, by python-osc."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from live.errors import UserError

# It complains to the root logger of each packet of garbage; the sender is told instead.
logging.getLogger().addFilter(lambda record: "pythonosc" not in record.pathname)

ROOT = "/soundglass"
ERROR = f"{ROOT}/error"
MOST_BYTES = 8192
"""Longest packet that is read: all that a hand can say is far shorter."""


def messages_of(packet: bytes) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the messages of a packet, each with its address and arguments.

    Those of a bundle come in the order of their time tags, and count at once.

    Raises:
        UserError: it is no OSC, or too long.
    """
    if len(packet) > MOST_BYTES:
        raise UserError(f"an OSC packet is longer than {MOST_BYTES} bytes.")
    try:
        found = [timed.message for timed in OscPacket(packet).messages]
    except Exception as error:  # garbage fails in many ways there
        raise UserError("a packet is no OSC.") from error
    if not found:
        raise UserError("a packet is no OSC.")
    return [(message.address, tuple(message.params)) for message in found]


def message(address: str, *values: Any) -> bytes:
    """Return the packet of one message; floats are sent in 32 bits, True and False as T and F."""
    return _built(address, values).dgram


def bundle(messages: Iterable[tuple[str, tuple[Any, ...]]], at_s: float) -> bytes:
    """Return the packet of a bundle; at_s is its time tag, in seconds since 1970."""
    made = OscBundleBuilder(at_s)  # pyright: ignore[reportArgumentType]
    for address, values in messages:
        made.add_content(_built(address, values))
    return made.build().dgram


def _built(address: str, values: Iterable[Any]) -> Any:
    made = OscMessageBuilder(address)
    for value in values:
        made.add_arg(value)
    return made.build()
