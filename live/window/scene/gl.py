"""The scene drawn by OpenGL: a small picture, enlarged and lit by a shader in one pass."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

import numpy as np
from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QPainter, QVector2D, QVector3D, QVector4D
from PyQt6.QtOpenGL import (
    QOpenGLBuffer,
    QOpenGLShader,
    QOpenGLShaderProgram,
    QOpenGLTexture,
    QOpenGLVersionFunctionsFactory,
)
from PyQt6.QtOpenGLWidgets import QOpenGLWidget
from PyQt6.QtWidgets import QWidget
from PyQt6.sip import voidptr

from engine.packets import U8
from engine.trace import note
from live.compose.crossfade import CrossFade
from live.compose.light import BREATH, MOST_BREATHS, NEUTRAL_LIGHT, Light
from live.compose.wall.mapping import PLAIN, Placing
from live.window.scene.gl_probe import functions_profile, gl_format
from live.window.scene.glow import BLOOM, BLOOM_COLOUR, VIGNETTE
from live.window.scene.placed import begin, shader_matrix
from live.window.scene.shader import FRAGMENT, VERTEX
from live.window.scene.widget import PaintOver

GL_TRIANGLE_STRIP = 0x0005
GL_FLOAT = 0x1406
GL_BLEND = 0x0BE2
GL_DEPTH_TEST = 0x0B71
GL_COLOR_BUFFER_BIT = 0x4000
CORNERS = np.array([0, 0, 1, 0, 0, 1, 1, 1], np.float32)


class GlScene(QOpenGLWidget):
    """Mixes the two pictures of the fade while they are small; the shader does the rest."""

    view_name = "OpenGL"
    failed = pyqtSignal(str)
    """OpenGL cannot draw after all; says why."""

    def __init__(
        self, fade: CrossFade, paint_over: PaintOver, parent: QWidget | None = None
    ) -> None:
        """Show the pictures of a fade that has one; several screens may share it."""
        super().__init__(parent)
        self.setFormat(gl_format())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._fade = fade
        self._placing = PLAIN
        self._paint_over = paint_over
        self._light = NEUTRAL_LIGHT
        self._now_s = 0.0
        self._program: QOpenGLShaderProgram | None = None
        self._texture: QOpenGLTexture | None = None
        self._corners = QOpenGLBuffer(QOpenGLBuffer.Type.VertexBuffer)
        self._uploaded: tuple[int, float] = (-1, 0.0)
        self.draw_ms: deque[float] = deque(maxlen=240)
        QTimer.singleShot(1500, self._check_that_it_works)

    def widget(self) -> QWidget:
        """Return the widget itself."""
        return self

    def another(self, paint_over: PaintOver, parent: QWidget) -> GlScene:
        """Return a view of the same pictures for another screen; see `SceneView`."""
        return GlScene(self._fade, paint_over, parent)

    def place(self, placing: Placing) -> None:
        """Draw from now on what a screen of a wall shows, where it belongs."""
        self._placing = placing
        self.update()

    def show_picture(self, picture: U8, now_s: float) -> bool:
        """Start to fade to a (h, w, 3) picture; False when it is the same array again."""
        return self._fade.show(picture, now_s)

    def fade_state(self, now_s: float) -> tuple[int, float]:
        """Return the version and the mix of the cross-fade at now_s; see `SceneView`."""
        return self._fade.version, round(self._fade.mix(now_s), 3)

    def draw(self, light: Light, now_s: float) -> None:
        """Ask for a frame in this light, at this moment of the cross-fade."""
        self._light, self._now_s = light, now_s
        self.update()

    def initializeGL(self) -> None:  # noqa: N802
        """Compile the shader; called by Qt, again after every change of screen."""
        self._functions: Any = QOpenGLVersionFunctionsFactory.get(
            functions_profile(), self.context()
        )
        program = QOpenGLShaderProgram(self)
        kind = QOpenGLShader.ShaderTypeBit
        if self._functions is None or not (
            program.addShaderFromSourceCode(kind.Vertex, VERTEX)
            and program.addShaderFromSourceCode(kind.Fragment, FRAGMENT)
            and program.link()
        ):
            self._give_up("the shader does not compile")
            return
        context = self.context()
        if context is not None:
            context.aboutToBeDestroyed.connect(self._release)
        self._program = program
        self._texture = None
        self._uploaded = (-1, 0.0)
        self._corners = QOpenGLBuffer(QOpenGLBuffer.Type.VertexBuffer)
        self._corners.create()
        self._corners.bind()
        self._corners.allocate(voidptr(CORNERS.tobytes()), CORNERS.nbytes)
        self._corners.release()

    def paintGL(self) -> None:  # noqa: N802
        """Draw the frame that was asked for last."""
        began = time.perf_counter()
        if self._program is not None:
            self._paint_scene(self._program)
        painter = QPainter(self)
        self._paint_over(painter, begin(painter, self, self._placing))
        painter.end()
        ended = time.perf_counter()
        self.draw_ms.append((ended - began) * 1e3)
        note("draw", began, ended)

    def _paint_scene(self, program: QOpenGLShaderProgram) -> None:
        texture = self._upload_mix()
        aspect = texture.width() / texture.height()
        crop = self._placing.crop(aspect, self.width(), self.height(), self._light.zoom)
        matrix = self._light.matrix()
        functions = self._functions
        functions.glDisable(GL_BLEND)
        functions.glDisable(GL_DEPTH_TEST)
        if not self._placing.is_plain:
            functions.glClearColor(0.0, 0.0, 0.0, 1.0)
            functions.glClear(GL_COLOR_BUFFER_BIT)
        program.bind()
        texture.bind(0)
        program.setUniformValue("picture", 0)
        program.setUniformValue("texels", QVector2D(texture.width(), texture.height()))
        program.setUniformValue("placing", shader_matrix(self._placing))
        program.setUniformValue("part", QVector4D(*self._placing.part))
        program.setUniformValue("crop", QVector4D(crop.x, crop.y, crop.width, crop.height))
        for name, column in zip(("to_red", "to_green", "to_blue"), matrix.T, strict=True):
            program.setUniformValue(name, QVector3D(*(float(value) for value in column)))
        program.setUniformValue("flash", float(self._light.flash))
        program.setUniformValue("vignette", float(VIGNETTE))
        program.setUniformValue("bloom", QVector3D(*(BLOOM * c / 255.0 for c in BLOOM_COLOUR)))
        for number in range(MOST_BREATHS):
            box, colour = _breath(self._light, number)
            program.setUniformValue(f"breath_box[{number}]", box)
            program.setUniformValue(f"breath_colour[{number}]", colour)
        self._corners.bind()
        place = program.attributeLocation("corner")
        program.enableAttributeArray(place)
        program.setAttributeBuffer(place, GL_FLOAT, 0, 2)
        functions.glDrawArrays(GL_TRIANGLE_STRIP, 0, 4)
        program.disableAttributeArray(place)
        self._corners.release()
        texture.release()
        program.release()

    def _upload_mix(self) -> QOpenGLTexture:
        """Return the texture with the mix of this frame; sent only when the mix has changed."""
        mix = (self._fade.version, self._fade.mix(self._now_s))
        if self._texture is not None and mix == self._uploaded:
            return self._texture
        picture = self._fade.picture_at(self._now_s)
        assert picture is not None
        height, width = picture.shape[:2]
        if self._texture is None or (self._texture.width(), self._texture.height()) != (
            width,
            height,
        ):
            if self._texture is not None:
                self._texture.destroy()
            self._texture = _texture(width, height)
        pixels = np.empty((height, width, 4), np.uint8)
        pixels[..., :3] = picture
        pixels[..., 3] = 255
        self._texture.setData(
            QOpenGLTexture.PixelFormat.RGBA,
            QOpenGLTexture.PixelType.UInt8,
            voidptr(pixels.tobytes()),
        )
        self._uploaded = mix
        return self._texture

    def _release(self) -> None:
        """Free the texture and the buffer of a context that is about to be destroyed."""
        self.makeCurrent()
        if self._texture is not None:
            self._texture.destroy()
            self._texture = None
        self._corners.destroy()
        self._program = None
        self.doneCurrent()

    def _check_that_it_works(self) -> None:
        if self.isVisible() and not self.isValid():
            self._give_up("OpenGL did not start")

    def _give_up(self, reason: str) -> None:
        QTimer.singleShot(0, lambda: self.failed.emit(reason))


def _breath(light: Light, number: int) -> tuple[QVector4D, QVector3D]:
    """The box and the light of one of the shader's breaths; no light where there is none."""
    if number >= len(light.breaths):
        return QVector4D(0.5, 0.5, 1.0, 1.0), QVector3D(0.0, 0.0, 0.0)
    breath = light.breaths[number]
    colour = (BREATH * breath.amount * value for value in breath.colour)
    return QVector4D(*breath.box), QVector3D(*colour)


def _texture(width: int, height: int) -> QOpenGLTexture:
    texture = QOpenGLTexture(QOpenGLTexture.Target.Target2D)
    texture.setFormat(QOpenGLTexture.TextureFormat.RGBA8_UNorm)
    texture.setSize(width, height)
    texture.setMipLevels(1)
    texture.allocateStorage()
    texture.setMinMagFilters(QOpenGLTexture.Filter.Linear, QOpenGLTexture.Filter.Linear)
    texture.setWrapMode(QOpenGLTexture.WrapMode.ClampToEdge)
    return texture
