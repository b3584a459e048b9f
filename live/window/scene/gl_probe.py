"""Whether OpenGL can draw the scene here, and if not, why."""

from __future__ import annotations

from typing import Any

from PyQt6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext, QSurfaceFormat
from PyQt6.QtOpenGL import (
    QOpenGLShader,
    QOpenGLShaderProgram,
    QOpenGLVersionFunctionsFactory,
    QOpenGLVersionProfile,
)

from live.window.scene.shader import FRAGMENT, VERTEX

NO_OPENGL_PLATFORMS = ("offscreen", "minimal", "vnc", "linuxfb")
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "software rasterizer", "gdi generic")
GL_RENDERER = 0x1F01


def gl_format() -> QSurfaceFormat:
    """Return the OpenGL that the scene asks for: 2.1, which every desktop still has."""
    made = QSurfaceFormat()
    made.setVersion(2, 1)
    made.setSwapInterval(1)
    return made


def functions_profile() -> QOpenGLVersionProfile:
    """Return the profile of the functions that the scene calls."""
    profile = QOpenGLVersionProfile()
    profile.setVersion(2, 1)
    return profile


def opengl_fault(*, software_too: bool = False) -> str | None:
    """Return None when OpenGL can draw the scene, else the reason in a few words.

    An OpenGL that runs on the processor is refused unless software_too: it would take from the
    models more time than QPainter does.
    """
    if QGuiApplication.platformName() in NO_OPENGL_PLATFORMS:
        return f"no OpenGL on {QGuiApplication.platformName()}"
    context = QOpenGLContext()
    context.setFormat(gl_format())
    if not context.create():
        return "no OpenGL context"
    surface = QOffscreenSurface()
    surface.setFormat(context.format())
    surface.create()
    if not context.makeCurrent(surface):
        return "no OpenGL surface"
    try:
        return _context_fault(context, software_too=software_too)
    finally:
        context.doneCurrent()


def _context_fault(context: QOpenGLContext, *, software_too: bool) -> str | None:
    if context.isOpenGLES():
        return "only OpenGL ES"
    functions: Any = QOpenGLVersionFunctionsFactory.get(functions_profile(), context)
    if functions is None or not functions.initializeOpenGLFunctions():
        return "OpenGL older than 2.1"
    renderer = str(functions.glGetString(GL_RENDERER) or "")
    if not software_too and any(word in renderer.lower() for word in SOFTWARE):
        return "OpenGL has no graphics card"
    program = QOpenGLShaderProgram()
    kind = QOpenGLShader.ShaderTypeBit
    good = (
        program.addShaderFromSourceCode(kind.Vertex, VERTEX)
        and program.addShaderFromSourceCode(kind.Fragment, FRAGMENT)
        and program.link()
    )
    return None if good else "the shader does not compile"
