"""Choosing how the scene is drawn: OpenGL where there is a graphics card, QPainter elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QWidget

from engine.packets import U8
from live.compose.crossfade import CrossFade
from live.window.scene.enlarged import EnlargedFade
from live.window.scene.painter import PainterScene
from live.window.scene.widget import PaintOver, SceneView


def choose_view(
    wanted: str,
    first: U8,
    paint_over: PaintOver,
    failed: Callable[[str], None],
    parent: QWidget,
) -> SceneView:
    """Return a view of the scene; wanted is "auto", "opengl" or "painter".

    failed is called with the reason, later and from Qt's loop, when an OpenGL view that was
    chosen cannot draw after all.
    """
    if wanted == "painter":
        return painter_view("", first, paint_over, parent)
    try:
        # Only here: these need the system's OpenGL libraries, which may be missing.
        from live.window.scene.gl import GlScene
        from live.window.scene.gl_probe import opengl_fault
    except ImportError:
        return painter_view("no OpenGL library", first, paint_over, parent)
    reason = opengl_fault(software_too=wanted == "opengl")
    if reason is not None:
        return painter_view(reason, first, paint_over, parent)
    view = GlScene(CrossFade(first), paint_over, parent)
    view.failed.connect(failed)
    return view


def painter_view(reason: str, first: U8, paint_over: PaintOver, parent: QWidget) -> SceneView:
    """Return the QPainter view; reason says why it is not OpenGL, for the head-up display."""
    view = PainterScene(EnlargedFade(first), paint_over, parent)
    if reason:
        view.view_name = f"QPainter ({reason})"
    return view
