"""The picture of the window: drawn by OpenGL, or by QPainter."""
