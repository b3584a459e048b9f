"""A decoder that some clips take down, alone in a file: each of its processes loads this anew."""

from __future__ import annotations

import os
import signal

from tests.training.papers.datasets.made import sample
from training.papers.datasets.broken import Broken
from training.papers.datasets.layouts.clips import Clip
from training.papers.datasets.sample import Sample


def kills(clip: Clip) -> Sample:
    """A sample, or the end of the process, of k5 and k8; k6 is only broken."""
    if clip.key in ("k5", "k8"):
        os.kill(os.getpid(), signal.SIGKILL)
    if clip.key == "k6":
        raise Broken("it is broken")
    return sample(clip.key, clip.split)
