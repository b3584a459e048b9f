"""OSC in, over real sockets, to a real show."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator

import pytest
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from live.control.adapters import Adapters
from live.control.osc.packets import MOST_BYTES, message
from live.control.osc.receiver import Receiver
from live.errors import UserError
from live.settings.model import Settings
from live.show.session import Session
from tests.live.control.show import desk_of
from tests.until import LONGEST_S, until


class Client:
    """Somebody else's program: it sends by python-osc and reads what is answered."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(LONGEST_S)
        self.there = ("127.0.0.1", port)

    def send(self, address: str, *values: object) -> None:
        self.socket.sendto(message(address, *values), self.there)

    def answer(self) -> tuple[str, list]:
        packet = OscPacket(self.socket.recv(1 << 16))
        (timed,) = packet.messages
        return timed.message.address, list(timed.message.params)

    def ask(self, address: str) -> object:
        self.send(address)
        answered, (value,) = self.answer()
        assert answered == address
        return value

    def error(self) -> str:
        address, (line,) = self.answer()
        assert address == "/soundglass/error"
        assert len(line.splitlines()) == 1
        return line


@pytest.fixture
def client(show: Session) -> Iterator[Client]:
    """A program that is connected to the show."""
    with desk_of(show) as (desk, _):
        receiver = Receiver(desk, "127.0.0.1", 0)
        receiver.start()
        made = Client(receiver.port)
        try:
            yield made
        finally:
            made.socket.close()
            receiver.stop()


def test_values_in_real_units_and_by_a_faders_place(client: Client, show: Session) -> None:
    client.send("/soundglass/sensitivity", -6.0)
    until(lambda: client.ask("/soundglass/sensitivity") == -6.0)
    assert show.view().status.sensitivity_db == -6.0
    client.send("/soundglass/norm/sensitivity", 0.5)
    until(lambda: client.ask("/soundglass/sensitivity") == 0.0)
    assert client.ask("/soundglass/norm/sensitivity") == 0.5
    client.send("/soundglass/light", "night")
    until(lambda: show.view().status.asked.light == "night")
    client.send("/soundglass/light", 2)
    until(lambda: client.ask("/soundglass/light") == "day")
    client.send("/soundglass/freeze", True)
    until(lambda: show.frozen)
    client.send("/soundglass/freeze", 0.0)
    until(lambda: client.ask("/soundglass/freeze") is False)
    client.send("/soundglass/norm/motion", 0.5)
    client.send("/soundglass/blend", 1)
    until(lambda: client.ask("/soundglass/motion") == 0.5 and client.ask("/soundglass/blend"))
    assert (show.settings.motion, show.settings.blend) == (0.5, True)
    show.change(motion=0.0, blend=False)


def test_what_hears_anew_is_taken_up_when_the_fader_rests(client: Client, show: Session) -> None:
    epoch = show.view().hearing.stamp.epoch
    for step in range(20):
        client.send("/soundglass/hop", 0.2 + step / 100)
    until(lambda: show.settings.hop_s == pytest.approx(0.39, abs=1e-6))
    until(lambda: show.view().hearing.stamp.epoch == epoch + 1)


def test_a_wrong_name_type_or_range_is_answered_and_changes_nothing(
    client: Client, show: Session
) -> None:
    before = show.settings
    for address, values, expected in (
        ("/soundglass/sensitivty", (1.0,), "Did you mean /soundglass/sensitivity?"),
        ("/elsewhere", (1.0,), "there is no /elsewhere"),
        ("/soundglass/panels", (9,), "from 0 to 4"),
        ("/soundglass/panels", ("many",), "a whole number"),
        ("/soundglass/light", ("blue",), "one of auto"),
        ("/soundglass/norm/size", (1.5,), "from 0 to 1"),
        ("/soundglass/size", (0.5, 0.6), "takes one value"),
        ("/soundglass/display", (1,), "no window"),
        ("/soundglass/next-cue", (1,), "--cues"),
        ("/soundglass/steps", (7,), "cannot paint in 7 steps"),
    ):
        client.send(address, *values)
        assert expected in client.error()
    assert show.settings == before


def test_a_pattern_means_all_that_it_matches(client: Client) -> None:
    client.send("/soundglass/{lig,sea}*", "auto")
    client.send("/soundglass/seas?n")
    address, (value,) = client.answer()
    assert (address, value) == ("/soundglass/season", "auto")


def test_a_bundle_counts_at_once(client: Client, show: Session) -> None:
    made = OscBundleBuilder(2_000_000_000.0)
    for address, value in (("/soundglass/light", "fog"), ("/soundglass/sensitivity", 3.0)):
        one = OscMessageBuilder(address)
        one.add_arg(value)
        made.add_content(one.build())
    client.socket.sendto(made.build().dgram, client.there)
    until(lambda: (show.settings.light, show.settings.sensitivity_db) == ("fog", 3.0))


def test_garbage_and_oversize_are_answered_and_the_line_stays_open(client: Client) -> None:
    rng = random.Random(7)
    for size in (0, 1, 3, 40, 300):
        client.socket.sendto(rng.randbytes(size), client.there)
        assert "no OSC" in client.error()
    client.socket.sendto(b"#bundle\0" + rng.randbytes(60), client.there)
    client.socket.sendto(b"/soundglass/light\0\0\0,s\0\0" + b"x" * MOST_BYTES, client.there)
    assert {client.error() for _ in range(2)} == {
        "a packet is no OSC.",
        f"an OSC packet is longer than {MOST_BYTES} bytes.",
    }
    assert client.ask("/soundglass/cross") == 3.0


def test_of_a_burst_the_last_one_wins(client: Client, show: Session) -> None:
    packets = [message("/soundglass/sensitivity", -40 + 80 * i / 4999) for i in range(5000)]
    for packet in packets:
        client.socket.sendto(packet, client.there)
    until(lambda: show.settings.sensitivity_db == 40.0)
    heard = show.view().hearing
    until(lambda: show.view().hearing is not heard)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", "must be HOST:PORT"),
        ("127.0.0.1:http", "must be HOST:PORT"),
        ("127.0.0.1:70000", "must be HOST:PORT"),
        ("nowhere.invalid:9000", "there is no host nowhere.invalid"),
        ("192.0.2.1:9000", "no address of this machine"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_line(address: str, expected: str) -> None:
    from tests.live.staged_show import StagedShow

    with desk_of(StagedShow()) as (desk, _), pytest.raises(UserError) as caught:
        Adapters(desk, Settings(osc=address))
    assert str(caught.value).startswith("--osc")
    assert expected in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_port_in_use_is_one_line(kind: socket.SocketKind) -> None:
    from tests.live.staged_show import StagedShow

    with socket.socket(socket.AF_INET, kind) as other, desk_of(StagedShow()) as (desk, _):
        other.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port} of 127.0.0.1 is in use"):
            Adapters(desk, Settings(osc=f"127.0.0.1:{port}"))
        free = socket.SOCK_STREAM if kind is socket.SOCK_DGRAM else socket.SOCK_DGRAM
        with socket.socket(socket.AF_INET, free) as again:
            again.bind(("127.0.0.1", port))  # nothing was left open
