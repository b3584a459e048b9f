"""The controls of the test grid, by which the picture is fitted to the screens of a wall."""

from __future__ import annotations

from live.control.declared import Control, Grid, Hands, Kind, Window
from live.errors import UserError
from live.settings.spec import Keys

HANDLES = (
    "upper-left", "upper-right", "lower-right", "lower-left", "left", "top", "right", "bottom",
)  # fmt: skip
MOST_SCREENS = 16
LOW, HIGH = -0.25, 1.25


def window_of(hands: Hands) -> Window:
    """Return the show's window.

    Raises:
        UserError: there is none.
    """
    if hands.window is None:
        raise UserError("this show has no window.")
    return hands.window


def _grid(hands: Hands) -> Grid:
    return window_of(hands).grid


WALL_CONTROLS: tuple[Control, ...] = (
    Control(
        "grid", Kind.SWITCH, "show the test grid, to fit the picture to each screen",
        lambda hands: _grid(hands).shown, lambda hands, on: _grid(hands).show(on),
        keys=Keys(("W",), "test grid", row="screens"), on_window=True, section="Wall",
    ),
    Control(
        "grid-screen", Kind.WHOLE, "number of the screen that the test grid is about",
        lambda hands: _grid(hands).screen,
        lambda hands, number: _grid(hands).choose_screen(number),
        low=1, high=MOST_SCREENS, on_window=True, section="Wall",
    ),
    Control(
        "grid-handle", Kind.WORD, "the corner, or the soft edge, that the test grid moves",
        lambda hands: _grid(hands).handle, lambda hands, name: _grid(hands).choose(name),
        find_words=lambda: HANDLES, on_window=True, section="Wall",
    ),
    Control(
        "grid-x", Kind.NUMBER, "how far right it is, or how wide, as a share of the screen",
        lambda hands: _grid(hands).place[0], lambda hands, x: _grid(hands).move(x=x),
        low=LOW, high=HIGH, stride=0.005, on_window=True, section="Wall",
    ),
    Control(
        "grid-y", Kind.NUMBER, "how far down it is, or how high, as a share of the screen",
        lambda hands: _grid(hands).place[1], lambda hands, y: _grid(hands).move(y=y),
        low=LOW, high=HIGH, stride=0.005, on_window=True, section="Wall",
    ),
    Control(
        "grid-reset", Kind.ACTION, "let the picture fill that screen again, without soft edges",
        lambda _: False, lambda hands, _: _grid(hands).reset(), on_window=True, section="Wall",
    ),
)  # fmt: skip
