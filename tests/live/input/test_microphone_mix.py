"""A microphone whose two channels are each other turned round is heard."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from live.input.microphone_feed import MicrophoneFeed
from live.input.private_sound_server import private_sound_server, private_sound_server_missing
from live.input.shared_ring import RING_HZ, SharedRing


@pytest.mark.skipif(private_sound_server_missing() is not None, reason="no PulseAudio here")
def test_channels_that_would_cancel_are_heard(tmp_path: Path, monkeypatch) -> None:
    tone = 0.3 * np.sin(2 * np.pi * 997 * np.arange(60 * RING_HZ) / RING_HZ)
    soundfile.write(tmp_path / "turned.wav", np.stack([tone, -tone], 1), RING_HZ)
    shared = SharedRing.create()
    with private_sound_server() as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        feed = MicrophoneFeed(shared, "pulse")
        feed.start()
        player = server.play(tmp_path / "turned.wav")
        try:
            feed.wait_for_first(60.0)
            loudest, deadline = 0.0, time.monotonic() + 50
            while loudest < 0.25 and time.monotonic() < deadline:
                time.sleep(0.05)
                end = shared.ring.written
                heard = shared.ring.read(max(0, end - RING_HZ // 10), end)
                loudest = float(np.abs(heard).max(initial=0.0))
        finally:
            player.kill()
            player.wait()
            feed.stop()
            shared.close()
    assert 0.25 < loudest < 0.35
