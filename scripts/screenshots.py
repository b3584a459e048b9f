"""Makes every picture in docs/ anew, from the shipped bundle and the built-in soundscape alone.

    make screenshots                                     all of them
    python scripts/screenshots.py -o docs --only window  some of them

It needs no display, no microphone and no torch; `web` needs Chromium and the extra stage. Moments
of the soundscape and sheets are the same whenever they are made on the same machine; `hud`,
`settings` and `web` show a real show of half a minute or more, with the machine's figures while
it ran, so nothing else should run then.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication, QWidget

from engine.atmosphere_choice import Choice
from engine.bundle.load import load_bundle
from engine.painting.atmosphere import Atmosphere
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from engine.sound.reactive import Reactive
from engine.sound.resample import StreamResampler
from engine.synthesis.demo import demo_blocks
from engine.system.signals import exit_now
from export.picture_sheet import sheet
from live.bench.chromium import chromium
from live.control.desk import Desk
from live.files.offline import open_hearer
from live.input.shared_ring import RING_HZ
from live.paths.write_whole import whole_file
from live.settings.model import Settings
from live.show.session import Session
from live.view.panels import PanelViews
from live.view.picture import Status, View
from live.web.server import WebServer
from live.window.main import ShowWindow

ROOT = Path(__file__).resolve().parents[1]
BUNDLE = "picturebook"
MOMENTS = {"window": 22.0, "thunder": 53.0}
"""Picture to the second of the soundscape that it shows: bells and birds; thunder and rain."""
MEASURED = {"hud": "display", "settings": "settings"}
"""Picture to what is opened in a running show before it is taken, and closed after."""
SHEETS = ("labels", "scenes", "lights")
WALL = "wall"
"""Two screens of a wall, with the test grid."""
SCREENS = [
    {"name": name, "x": x, "y": 0, "width": 960, "height": 540, "logicalDpi": 96, "dpr": 1}
    for name, x in (("left projector", 0), ("right projector", 960))
]
"""Of the wall, as Qt's platform without a display has them."""
WALL_GAP = 12
WEB = "web"
"""The page of a running show, in Chromium."""
NAMES = (*MOMENTS, *MEASURED, WALL, WEB, *SHEETS)
SHOW_S = 22.0
"""How long the running show has gone on: church bells and birds sound."""
WEB_S = 70.0
"""How long the page has been open: the plots have their first points."""
SETTLED_S = 4.0
"""After so long every fade of the window has ended, the first note's too."""
MOST_BYTES = 105_000
"""Of a picture, as far as the coarsest of the qualities allows: it is to be seen over any line."""
QUALITIES = range(88, 40, -4)
"""Of the JPEG, tried in turn until it is small enough."""


@dataclass
class Moment:
    """Stands where a session stands, at a moment that does not pass."""

    seen: View
    settings: Settings = field(default_factory=Settings)

    def view(self) -> View:
        """What is seen."""
        return self.seen

    def paint_for(self, aspect: float) -> None:
        """The window is of the usual shape."""

    def note_drawn(self) -> None:
        """Nobody watches over it."""

    def microphones(self) -> tuple[str, ...]:
        """None: the soundscape is heard."""
        return ()


def moments(wanted: dict[str, float], settings: Settings) -> Iterator[tuple[str, View]]:
    """Hear the soundscape and paint it at some of its seconds, in the bundle's finest steps.

    Yields the name and what a show would look like then.
    """
    bundle = load_bundle(settings.bundle)
    models = bundle.models("onnxruntime")
    steps = max(bundle.manifest.pictures.steps)
    hearer = open_hearer(bundle, models, settings)
    resampler = StreamResampler(RING_HZ, hearer.sample_rate_hz)
    choice = Choice(settings.light, settings.season, settings.style)
    atmosphere = Atmosphere(settings.seed, choice=choice)
    conditioner = Conditioner(bundle, settings.seed, settings.panels, atmosphere)
    panels, painter = PanelViews(), Painter(models.generators)
    waiting, taken = sorted(wanted, key=lambda name: wanted[name]), 0
    for block in demo_blocks(RING_HZ):
        fresh = resampler.process(block)
        for hop in range(0, fresh.size, hop_size := round(settings.hop_s * hearer.sample_rate_hz)):
            piece = fresh[hop : hop + hop_size]
            taken += piece.size
            now_s = taken / hearer.sample_rate_hz
            for hearing in hearer.push(piece, now_s):
                conditioner.hear(hearing, now_s)
                panels.update(hearing)
                conditions = conditioner.conditions(now_s, steps)
                if now_s >= wanted[waiting[0]]:
                    pictures = painter.paint(conditions)
                    status = _status(bundle.name, models.runtime)
                    placed = panels.views(conditioner.panel_slots)
                    yield (
                        waiting.pop(0),
                        View(pictures, hearing, Reactive(), placed, status, None, now_s),
                    )
                    if not waiting:
                        models.close()
                        return


def _status(bundle: str, runtime: str) -> Status:
    return Status(
        input_name="demo", sound_to_picture_p50_ms=float("nan"), bundle=bundle, runtime=runtime,
        sound_to_picture_p95_ms=float("nan"), pictures_per_s=0.0, dropped=0, lost_samples=0,
        given_up=(), recording=False, frozen=False, sensitivity_db=0.0,
    )  # fmt: skip


def run_for(app: QApplication, seconds: float) -> None:
    """Let the window live for so long."""
    ends_s = time.monotonic() + seconds
    while time.monotonic() < ends_s:
        app.processEvents()
        time.sleep(0.005)


def grabbed(window: QWidget) -> Image.Image:
    """Return what the window shows."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    bits = image.constBits()
    assert bits is not None
    size = image.width(), image.height()
    return Image.frombytes("RGBA", size, bits.asstring(image.sizeInBytes())).convert("RGB")


def take_moments(app: QApplication, names: list[str], save: Callable) -> None:
    """Take the pictures that show a moment of the soundscape."""
    settings = Settings(input="demo", bundle=BUNDLE, light="auto", season="autumn")
    for name, view in moments({name: MOMENTS[name] for name in names}, settings):
        window = ShowWindow(Moment(view), settings, "painter")  # pyright: ignore
        window.resize(1280, 720)
        window.show()
        run_for(app, SETTLED_S)
        save(name, grabbed(window))
        window.close()


def take_wall(app: QApplication, save: Callable) -> None:
    """Take two projectors that overlap: what each of them is sent, side by side."""
    settings = Settings(input="demo", bundle=BUNDLE, season="autumn", span="1+2", pixel_shift=0)
    (_, view), = moments({WALL: MOMENTS["window"]}, settings)
    window = ShowWindow(Moment(view, settings), settings, "painter")  # pyright: ignore
    window.wall.open(settings)
    run_for(app, SETTLED_S)
    left, right = (known.key for known in window.wall.filled)
    for key, handle, to in (
        (left, "right", (0.15, 0.0)), (right, "left", (0.15, 0.0)),
        (left, "upper-left", (0.07, 0.1)), (right, "lower-right", (0.96, 0.93)),
    ):  # fmt: skip
        window.wall.trimming.move(key, handle, to)
    window.wall.fitting.show(True)
    run_for(app, SETTLED_S)
    seen = [grabbed(each) for each in (window, window.wall.tiles[right])]
    width, height = seen[0].size
    both = Image.new("RGB", (2 * width + WALL_GAP, height), (255, 255, 255))
    for number, picture in enumerate(seen):
        both.paste(picture, (number * (width + WALL_GAP), 0))
    save(WALL, both)
    window.close()


def take_measured(app: QApplication, names: list[str], save: Callable) -> None:
    """Take the pictures of a running show."""
    settings = Settings(input="demo", bundle=BUNDLE, light="day", season="autumn")
    session = Session(settings, load_bundle(BUNDLE))
    session.start()
    try:
        window = ShowWindow(session, settings, "painter")
        window.resize(1280, 720)
        window.show()
        run_for(app, SHOW_S)
        for name in names:
            window.commands.do(MEASURED[name])
            run_for(app, 1.0)
            save(name, grabbed(window))
            window.commands.do(MEASURED[name])
        window.close()
    finally:
        session.stop()


def take_web(save: Callable) -> None:
    """Take the picture of the page of a running show."""
    settings = Settings(input="demo", bundle=BUNDLE, light="day", season="autumn", headless=True)
    session = Session(settings, load_bundle(BUNDLE))
    session.start()
    try:
        server = WebServer(Desk(session), "127.0.0.1", 0)
        server.start()
        try:
            save(WEB, asyncio.run(_page(f"http://127.0.0.1:{server.port}/")))
        finally:
            server.stop()
    finally:
        session.stop()


async def _page(url: str) -> Image.Image:
    async with chromium() as browser:
        page = await browser.open(url, 1280, 1180)
        await asyncio.sleep(WEB_S)
        await page.until("document.querySelectorAll('#panels img').length > 1")
        return Image.open(io.BytesIO(await page.picture())).convert("RGB")


def saver(folder: Path) -> Callable[[str, Image.Image], None]:
    """Return what writes a picture into a folder, as fine as its size allows."""

    def save(name: str, picture: Image.Image) -> None:
        path = folder / f"{name}.jpg"
        with whole_file(path) as temporary:
            for quality in QUALITIES:
                picture.save(
                    temporary, format="JPEG", quality=quality, optimize=True, progressive=True
                )
                if temporary.stat().st_size <= MOST_BYTES:
                    break
        print(f"{path}: {picture.width}x{picture.height}, {path.stat().st_size // 1000} kB")

    return save


def main() -> None:
    """Make the pictures that are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "-o", "--output", type=Path, default=ROOT / "docs", help="folder (default docs)"
    )
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, help="(default: all)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder  # nothing of whoever makes the pictures
        _take(asked.only, saver(asked.output), Path(folder))


def _take(only: Sequence[str], save: Callable, folder: Path) -> None:
    screens = folder / "screens.json"
    screens.write_text(json.dumps({"screens": SCREENS}))
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens}"
    app = QApplication([sys.argv[0]])
    if of_moments := [name for name in MOMENTS if name in only]:
        take_moments(app, of_moments, save)
    if measured := [name for name in MEASURED if name in only]:
        take_measured(app, measured, save)
    if WALL in only:
        take_wall(app, save)
    if WEB in only:
        take_web(save)
    for name in SHEETS:
        if name in only:
            save(name, sheet(BUNDLE, name))


if __name__ == "__main__":
    main()
    exit_now(0)  # what the libraries of C++ still hold is not theirs to tell of now
