"""The page in a real Chromium: what people see of the show, and what their hands do to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtGui import QImage

from live.bench.chromium import Browser, Page, chromium, chromium_path
from live.control.actions import CONTROLS
from live.control.desk import Desk
from live.web.server import WebServer
from tests.live.web.asking import url_of
from tests.until import until

pytestmark = pytest.mark.skipif(chromium_path() is None, reason="no Chromium here")

Serve = Callable[..., WebServer]
COLOURS = """(() => {
  const canvas = document.getElementById("picture");
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let at = 0; at < pixels.length; at += 4 * 997) {
    seen.add([pixels[at] >> 3, pixels[at + 1] >> 3, pixels[at + 2] >> 3].join());
  }
  return seen.size;
})()"""
"""How many colours the live picture has, read from the page's own pixels."""
CONNECTED = "document.querySelectorAll('.control').length > 0"
NO_SOCKETS = """window.WebSocket = class extends EventTarget {
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(new Event("close")));
  }
};"""
PAINTED = "[...document.querySelectorAll('#panels img')].some((image) => image.naturalWidth)"


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """A loop for all tests of this module."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def browser(loop: asyncio.Runner) -> Iterator[Browser]:
    """One Chromium for all of them: each opens pages of its own."""
    made = chromium()
    yield loop.run(made.__aenter__())
    loop.run(made.__aexit__(None, None, None))


@pytest.fixture
def see(loop: asyncio.Runner, browser: Browser) -> Callable[..., None]:
    """Runs what a test does with a page that is connected; no page may have a fault."""

    def run(url: str, what: Callable[[Page], Awaitable[None]], connected: str = CONNECTED) -> None:
        async def open_and_run() -> None:
            page = await browser.open(url)
            await page.until(connected)
            await what(page)
            assert page.faults == []
            await page.call("Page.close")

        loop.run(open_and_run())

    return run


def held(name: str) -> str:
    """Return JavaScript for the part of a control that hands move."""
    return f"document.querySelector('[data-control=\"{name}\"] :is(input, select, button)')"


async def eventually(what: Callable[[], object]) -> None:
    """Wait until `what()` is true, beside the loop that has the browser."""
    await asyncio.to_thread(until, what)


def test_the_live_picture_moves(server: WebServer, see: Callable) -> None:
    async def look(page: Page) -> None:
        assert await page.until(f"{COLOURS} > 20")
        before = await page.run("document.getElementById('picture').toDataURL()")
        assert await page.until(
            f"document.getElementById('picture').toDataURL() !== {before!r}"
        )
        assert await page.run("document.getElementById('picture').width") == 1280
        figures = "document.getElementById('figures').innerText"
        assert await page.until(f"/[1-9]\\d* a second, 1280x720/.test({figures})")

    see(url_of(server, "/"), look)
    assert b"soundglass_web_drawn_seconds_count" in server.metrics.text()
    until(lambda: server._hub.count == 0)


def test_each_source_has_picture_name_and_level(
    server: WebServer, desk: Desk, see: Callable
) -> None:
    async def look(page: Page) -> None:
        await page.until("document.querySelectorAll('#panels li').length > 0")
        await page.until(PAINTED)
        labels = set(desk.session.bundle.manifest.labels) | {"unknown"}
        assert set(await page.run(
            "[...document.querySelectorAll('#panels b')].map((name) => name.textContent)"
        )) <= labels  # fmt: skip
        levels = "[...document.querySelectorAll('#panels i')]"
        await page.until(f"{levels}.some((level) => level.style.transform !== 'scaleX(0)')")
        assert await page.until("document.getElementById('now').className === 'good'")
        assert "demo" in await page.run("document.getElementById('now').textContent")

    see(url_of(server, "/"), look)


def test_every_control_is_there_once_with_its_help(server: WebServer, see: Callable) -> None:
    async def look(page: Page) -> None:
        told = await page.run(
            "[...document.querySelectorAll('.control')].map((row) => [row.dataset.control, row."
            "querySelector('p').textContent, row.querySelectorAll('input, select, button').length])"
        )
        assert {name: text for name, text, _ in told} == {c.name: c.help for c in CONTROLS}
        assert len(told) == len(CONTROLS)
        assert all(parts >= 1 for *_, parts in told)
        # This show has no window: what needs one is not offered.
        hidden = "[...document.querySelectorAll('.control[hidden]')].map((r) => r.dataset.control)"
        await page.until(f"{hidden}.length")
        assert set(await page.run(hidden)) == {c.name for c in CONTROLS if c.on_window}

    see(url_of(server, "/"), look)


def test_hands_move_controls_of_each_kind(server: WebServer, desk: Desk, see: Callable) -> None:
    async def play(page: Page) -> None:
        move = "{0}.value = {1}; {0}.dispatchEvent(new Event('{2}'))"
        await page.run(move.format(held("sensitivity"), "'12.5'", "input"))
        await eventually(lambda: desk.value("sensitivity") == 12.5)
        await page.run(move.format(held("light"), "'night'", "change"))
        await eventually(lambda: desk.value("light") == "night")
        await page.run(f"{held('freeze')}.click()")
        await eventually(lambda: desk.value("freeze"))
        await page.run(f"{held('freeze')}.click()")
        await eventually(lambda: not desk.value("freeze"))
        await page.run(f"{held('save-preset')}.value = 'phone light'")
        await page.run("document.querySelector('[data-control=save-preset] button').click()")
        await page.until(f"[...{held('preset')}.options].some((each) => each.text === 'phone')")
        await page.run(f"{held('step-up')}.click()")  # of the chosen control, the first: window
        await page.run(move.format(held("chosen"), "'panels'", "change"))
        await eventually(lambda: desk.value("chosen") == "panels")
        await page.run(f"{held('next-cue')}.click()")
        await page.until("document.getElementById('line').textContent.includes('no cue list')")

    desk.listen(lambda outcome: desk.session.messages.report_event(outcome.line))
    window_s = desk.value("window")
    see(url_of(server, "/"), play)
    until(lambda: desk.value("window") != window_s)  # it has rested, and hears anew
    desk.apply({"sensitivity": 0.0, "light": "auto", "window": window_s}, "keys")


def test_what_other_hands_do_is_seen(server: WebServer, desk: Desk, see: Callable) -> None:
    async def look(page: Page) -> None:
        desk.apply({"sensitivity": -9.0, "light": "fog"}, "osc 10.0.0.7:9000")
        await page.until(f"Number({held('sensitivity')}.value) === -9")
        await page.until(f"{held('light')}.value === 'fog'")
        await page.until(f"{held('light')}.closest('.control').title.endsWith('osc 10.0.0.7:9000')")
        desk.apply({"sensitivity": 0.0, "light": "auto"}, "keys")
        await page.until(f"{held('light')}.value === 'auto'")

    see(url_of(server, "/"), look)


def test_a_viewer_sees_the_controls_and_moves_none(serve: Serve, see: Callable) -> None:
    server = serve("0.0.0.0")
    assert server.tokens is not None

    async def look(page: Page) -> None:
        await page.until(f"{COLOURS} > 20")
        sets = "[...document.querySelectorAll('fieldset')]"
        assert await page.run(f"{sets}.length > 3 && {sets}.every((set) => set.disabled)")
        await page.until(PAINTED)

    see(url_of(server, f"/t/{server.tokens.viewer}/"), look)


def test_nobody_is_shown_a_page_without_a_token(
    serve: Serve, browser: Browser, loop: asyncio.Runner
) -> None:
    server = serve("0.0.0.0")

    async def look() -> None:
        page = await browser.open(url_of(server, "/"))
        await page.until("document.body.textContent.startsWith('follow the link')")
        await page.call("Page.close")

    loop.run(look())


def test_a_phone_is_offered_ten_and_everything_fits(server: WebServer, see: Callable) -> None:
    async def look(page: Page) -> None:
        await page.be(390, 844, phone=True)
        await page.call("Page.reload")
        await page.until(f"document.getElementById('rate').value === '10' && {CONNECTED}")
        await page.until(f"{COLOURS} > 20")
        assert [each.rate for each in server._hub._listeners] == [10.0]
        assert await page.run("document.documentElement.scrollWidth <= innerWidth")
        small = (
            "[...document.querySelectorAll('button, select, input')].filter((part) => "
            "part.offsetParent && part.getBoundingClientRect().height < 20).length"
        )
        assert await page.run(small) == 0

    see(url_of(server, "/"), look)


def test_the_last_hours_are_drawn(server: WebServer, see: Callable) -> None:
    server._hub.history.step_s = 0.5
    server._hub.history._due_s = 0.0

    async def look(page: Page) -> None:
        label = "document.getElementById('{}').getAttribute('aria-label')"
        await page.until(f"{label.format('heard')}.startsWith('heard: ')")
        await page.until(f"/p95_ms [0-9.]+, p50_ms [0-9.]+/.test({label.format('latency')})")
        await page.until(f"/memory_mb [0-9.]+/.test({label.format('memory')})")
        for name in ("heard", "latency", "memory"):
            ink = (
                f"[...document.getElementById('{name}').getContext('2d').getImageData(0, 0, "
                f"document.getElementById('{name}').width, 100).data].some((part) => part > 120)"
            )
            assert await page.run(ink), name

    see(url_of(server, "/"), look)


def test_a_page_comes_back_when_the_show_does(serve: Serve, see: Callable) -> None:
    server = serve()
    port = server.port

    async def look(page: Page) -> None:
        await page.until(f"{COLOURS} > 20")
        await asyncio.to_thread(server.stop)
        await page.until("document.getElementById('now').textContent.includes('does not answer')")
        assert await page.run("document.getElementById('frame').className") == "away"
        again = await asyncio.to_thread(serve, "127.0.0.1", port)
        await page.until("document.getElementById('now').className === 'good'")
        await page.until("document.getElementById('frame').className === ''")
        assert again._hub.count == 1
        # What the browser itself notes of tries while nobody was there.
        assert all("net::ERR_" in fault for fault in page.faults)
        page.faults.clear()

    see(url_of(server, "/"), look)


@pytest.mark.parametrize("how", ["sockets that are blocked", "no script at all"])
def test_without_websockets_or_scripts_there_is_mjpeg(
    server: WebServer, loop: asyncio.Runner, browser: Browser, how: str, tmp_path: Path
) -> None:
    async def look() -> None:
        page = await browser.open("about:blank")
        if how == "no script at all":
            await page.call("Emulation.setScriptExecutionDisabled", value=True)
        else:
            await page.call("Page.addScriptToEvaluateOnNewDocument", source=NO_SOCKETS)
        await page.go(url_of(server, "/"))
        # From what is on the screen: neither page could tell us otherwise.
        async with asyncio.timeout(240):
            while await colours_seen(page) < 20:
                await asyncio.sleep(0.2)
        assert server._hub.count == 1
        await page.call("Page.close")

    loop.run(look())
    until(lambda: server._hub.count == 0)


async def colours_seen(page: Page) -> int:
    """How many colours there are on the screen, where the picture is; 0 while it is loaded."""
    try:
        image = QImage.fromData(await page.picture())
    except RuntimeError:
        return 0
    middle = ((x, y) for x in range(40, 600, 7) for y in range(80, 400, 7))
    return len({image.pixel(x, y) >> 3 for x, y in middle})
