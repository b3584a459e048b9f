"""A headless Chromium, steered over its DevTools protocol: what a viewer's browser does, measured.

    async with chromium() as browser:
        page = await browser.open("http://127.0.0.1:8080/")
        print(await page.run("document.title"))
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

from live.errors import UserError

NAMES = ("chromium", "chromium-browser", "google-chrome")
START_S = 120.0
"""A busy machine takes seconds for it."""
MOST_BYTES = 1 << 26
_OPTIONS = (
    *("--headless=new", "--remote-debugging-port=0", "--no-first-run", "--disable-gpu"),
    *("--no-default-browser-check", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--disable-extensions", "--disable-dev-shm-usage"),
    *("--disable-renderer-backgrounding", "--disable-background-timer-throttling"),
    *("--disable-backgrounding-occluded-windows", "--password-store=basic", "--mute-audio"),
)


def chromium_path() -> str | None:
    """Return where Chromium is; None where it is not installed."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Page:
    """One tab."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session
        self.faults: list[str] = []
        """Errors that the page has had: of its code, and what its policy kept it from."""

    async def call(self, method: str, **given: Any) -> dict[str, Any]:
        """Have something of the protocol done. Raises RuntimeError where it refuses."""
        return await self._browser.call(method, given, self._session)

    async def run(self, code: str) -> Any:
        """Return what an expression of JavaScript comes to; one that is a promise is awaited.

        Raises:
            RuntimeError: it has failed.
        """
        done = await self.call(
            "Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in done:
            raise RuntimeError(str(done["exceptionDetails"]))
        return done["result"].get("value")

    async def until(self, code: str, seconds: float = START_S) -> Any:
        """Wait until an expression is true, and return what it is; one that fails is not true yet.

        Raises:
            TimeoutError: it has not come true in so long.
        """
        deadline_s = time.monotonic() + seconds
        while time.monotonic() < deadline_s:
            with suppress(RuntimeError):  # the page is only just being loaded
                if found := await self.run(code):
                    return found
            await asyncio.sleep(0.05)
        raise TimeoutError(f"{code} has not come true; {self.faults}")

    async def go(self, url: str) -> None:
        """Open another page in this tab."""
        await self.call("Page.navigate", url=url)

    async def be(self, width: int, height: int, phone: bool = False) -> None:
        """Have a screen of this size, in CSS pixels; a phone's has two dots to each."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=2 if phone else 1, mobile=phone,
        )  # fmt: skip
        await self.call("Emulation.setTouchEmulationEnabled", enabled=phone)

    async def picture(self) -> bytes:
        """Return what is seen, as a PNG."""
        await self.call("Page.bringToFront")  # behind another tab nothing is drawn
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])

    def take(self, method: str, said: dict[str, Any]) -> None:
        """Take note of what the browser tells of this page."""
        if method == "Runtime.exceptionThrown":
            self.faults.append(str(said["exceptionDetails"]))
        elif method == "Log.entryAdded" and said["entry"]["level"] == "error":
            self.faults.append(f"{said['entry']['text']} {said['entry'].get('url', '')}")


class Browser:
    """A line to a Chromium that runs."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self._line = line
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._pages: dict[str, Page] = {}
        self._reading = asyncio.create_task(self._read())

    async def call(
        self, method: str, given: dict[str, Any], session: str | None = None
    ) -> dict[str, Any]:
        """Have something of the protocol done; see `Page.call`."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        said: dict[str, Any] = {"id": number, "method": method, "params": given}
        await self._line.send_json(said | ({"sessionId": session} if session else {}))
        return await answer

    async def open(self, url: str, width: int = 1280, height: int = 900) -> Page:
        """Open a page in a tab of its own."""
        target = await self.call("Target.createTarget", {"url": "about:blank"})
        attached = await self.call(
            "Target.attachToTarget", {"targetId": target["targetId"], "flatten": True}
        )
        page = self._pages[attached["sessionId"]] = Page(self, attached["sessionId"])
        for domain in ("Page", "Runtime", "Log"):
            await page.call(f"{domain}.enable")
        await page.be(width, height)
        await page.go(url)
        return page

    async def close(self) -> None:
        """Close it, and all its pages."""
        with suppress(RuntimeError, ConnectionError):
            await self.call("Browser.close", {})
        self._reading.cancel()

    async def _read(self) -> None:
        async for message in self._line:
            said = message.json()
            answer = self._waiting.pop(said.get("id", 0), None)
            if answer is not None and not answer.done():
                if "error" in said:
                    answer.set_exception(RuntimeError(said["error"]["message"]))
                else:
                    answer.set_result(said["result"])
            elif said.get("sessionId") in self._pages:
                self._pages[said["sessionId"]].take(said["method"], said["params"])
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionError("Chromium has ended"))


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Yield a Chromium with a profile of its own, gone afterwards.

    Raises:
        UserError: it is not installed, or does not start.
    """
    path = chromium_path()
    if path is None:
        raise UserError("there is no Chromium here: sudo apt-get install chromium.")
    with tempfile.TemporaryDirectory(
        prefix="soundglass-chromium-", ignore_cleanup_errors=True
    ) as folder:
        # Root has no sandbox in Chromium; nothing but our own pages is opened.
        sandbox = ("--no-sandbox",) if os.getuid() == 0 else ()
        process = await asyncio.create_subprocess_exec(
            path, *_OPTIONS, *sandbox, f"--user-data-dir={folder}", "about:blank",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            url = await _address(Path(folder) / "DevToolsActivePort", process)
            async with (
                aiohttp.ClientSession() as web,
                web.ws_connect(url, max_msg_size=MOST_BYTES) as line,
            ):
                browser = Browser(line)
                try:
                    yield browser
                finally:
                    await browser.close()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            await process.wait()


async def _address(file: Path, process: asyncio.subprocess.Process) -> str:
    """Return where the browser listens, once it has written that down."""
    deadline_s = time.monotonic() + START_S
    while process.returncode is None and time.monotonic() < deadline_s:
        with suppress(OSError, ValueError):
            port, path = file.read_text("utf-8").splitlines()
            return f"ws://127.0.0.1:{int(port)}{path}"
        await asyncio.sleep(0.05)
    raise UserError("Chromium does not start here.")
