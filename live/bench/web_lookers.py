"""Viewers of a page: one real browser, and others that take as much without drawing it.

Started by `live/bench/web_process.py` as `python -m live.bench.web_lookers PORT COUNT RATE`; looks
until its standard input ends.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

import aiohttp

from live.bench.chromium import chromium


async def look(port: int, count: int, rate: float) -> None:
    """Look until standard input ends; say "looking" once the browser has drawn a picture."""
    root = f"http://127.0.0.1:{port}"
    async with chromium() as browser, aiohttp.ClientSession() as web:
        page = await browser.open(f"{root}/")
        figures = "document.getElementById('figures').innerText"
        await page.until(f"/[1-9]\\d* a second, [1-9]/.test({figures})")
        others = [asyncio.create_task(_take(web, root, rate)) for _ in range(count - 1)]
        print("looking", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for other in others:
            other.cancel()


async def _take(web: aiohttp.ClientSession, root: str, rate: float) -> None:
    timeout = aiohttp.ClientTimeout(total=None)
    with suppress(aiohttp.ClientError):
        async with web.get(f"{root}/mjpeg?rate={rate:g}", timeout=timeout) as answer:
            async for _ in answer.content.iter_any():
                pass


if __name__ == "__main__":
    asyncio.run(look(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
