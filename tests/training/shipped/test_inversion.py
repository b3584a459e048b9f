"""An encoder that is found again for a decoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle.load import load_bundle
from training import invert_decoder
from training.loop.checkpoints import save_checkpoint
from training.painting.autoencoder import Autoencoder
from training.painting.autoencoder_training import load_autoencoder
from training.shipped.inversion import invert
from training.shipped.painter import painter_of


def _pictures(count: int) -> np.ndarray:
    """u8 (count, 32, 32, 3): one colour to the left, one to the right."""
    sides = np.random.default_rng(1).integers(0, 256, (count, 1, 2, 3))
    return np.broadcast_to(sides.repeat(16, 2), (count, 32, 32, 3)).astype(np.uint8)


def test_it_comes_nearer_and_the_decoder_stays(tmp_path: Path) -> None:
    autoencoder, pools = painter_of(load_bundle("picturebook"))[1], [_pictures(40)]
    decoder = {name: value.clone() for name, value in autoencoder.decoder.state_dict().items()}
    pictures = torch.from_numpy(pools[0]).permute(0, 3, 1, 2).float() / 127.5 - 1

    def distance() -> float:
        with torch.no_grad():
            made = autoencoder.decode(autoencoder.encode(pictures))
        return float((made - pictures).abs().mean())

    before = distance()
    invert(autoencoder, pools, tmp_path / "inverse.pt", minutes=1, batch=8, steps=25, side=32)
    assert distance() < 0.8 * before
    for name, value in autoencoder.decoder.state_dict().items():
        assert torch.equal(value, decoder[name]), name


@pytest.mark.timeout(600)
def test_the_command_puts_it_into_the_autoencoder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = Autoencoder()
    save_checkpoint(tmp_path / "autoencoder.final.pt", {"model": first.state_dict()})
    given = [str(tmp_path), "--minutes", "0.02", "--scenes", "1", "--panels", "1"]
    assert invert_decoder.main(given) == 0
    assert "training.train_generator" in capsys.readouterr().out
    found = load_autoencoder(tmp_path / "autoencoder.pt")
    last, before = found.encoder.net[-1], first.encoder.net[-1]
    assert isinstance(last, torch.nn.Conv2d)
    assert isinstance(before, torch.nn.Conv2d)
    assert not torch.equal(last.weight, before.weight)


def test_without_an_autoencoder_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        invert_decoder.main([str(tmp_path)])
    assert ended.value.code == 2
    assert "no finished run" in capsys.readouterr().err
