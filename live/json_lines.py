"""What a process says on its standard output, a line of JSON at a time."""

from __future__ import annotations

import json
import os
from typing import IO, Any


class JsonLines:
    """Reads what has come, and waits for nothing."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._begun = b""
        os.set_blocking(pipe.fileno(), False)

    def read(self) -> list[dict[str, Any]]:
        """Every line that has become whole since the last time."""
        self._begun += self._pipe.read() or b""
        *lines, self._begun = self._begun.split(b"\n")
        return [json.loads(line) for line in lines]
