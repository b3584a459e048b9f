"""The models of checkpoints, and one clear line where a checkpoint is not what it should be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from engine.bundle.fields import BundleError
from export.bundle.spec import GeneratorPart
from training.hearing.encoder import Encoder
from training.hearing.encoder_training import load_encoder, words_of
from training.hearing.separator import Separator
from training.hearing.separator_training import load_separator
from training.loop.checkpoints import load_checkpoint
from training.loop.plain_errors import InputError
from training.painting.autoencoder import Autoencoder
from training.painting.autoencoder_training import load_autoencoder
from training.painting.distillation import load_painter
from training.painting.drawings import COLUMNS, ROWS, DrawingTable, drawing_table
from training.painting.finish import Painted
from training.painting.finish_training import load_painted
from training.painting.generator import Painter
from training.painting.lands import Lands, load_lands
from training.world.atlas import gather_atlas

Read = TypeVar("Read")


def read_separator(checkpoint: Path) -> Separator:
    """The separator of a checkpoint. Raises BundleError."""
    return _read("separator", checkpoint, load_separator)


def read_encoder(checkpoint: Path) -> Encoder:
    """The encoder of a checkpoint. Raises BundleError."""
    return _read("encoder", checkpoint, load_encoder)


def read_words(checkpoint: Path) -> np.ndarray:
    """(labels, d) the words of an encoder that has learnt its own. Raises BundleError."""
    return _read("encoder", checkpoint, words_of).numpy()


def read_painter(
    part: GeneratorPart,
) -> tuple[Painter, Autoencoder, DrawingTable, Painted, Lands | None]:
    """The generator with its table of concepts, the autoencoder whose latents it paints, the
    drawings, the last stage, and the lands where there are some.

    Raises BundleError.
    """
    painter = _read("generator", part.checkpoint, load_painter)
    autoencoder = _read("autoencoder", part.autoencoder, load_autoencoder)
    if part.decoder is not None:
        _read("decoder", part.decoder, lambda path: _refine(autoencoder, path))
    painted = _read("finish", part.finish, load_painted)
    lands = None if part.lands is None else _read("lands", part.lands, load_lands)
    return painter, autoencoder, drawing_table(gather_atlas(ROWS, COLUMNS)), painted, lands


def _refine(autoencoder: Autoencoder, path: Path) -> None:
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(f"no checkpoint {path}: run python -m training.refine_decoder")
    autoencoder.decoder.load_state_dict(saved["average"])


def _read(what: str, path: Path, load: Callable[[Path], Read]) -> Read:
    """What a loader makes of a file. A pickle with anything but tensors in it is never executed."""
    try:
        return load(path)
    except (FileNotFoundError, InputError) as error:
        raise BundleError(str(error)) from error
    except KeyError as error:
        raise BundleError(
            f"{path} is no {what} checkpoint: it lacks {error}; name one of its trainer"
        ) from error
    except Exception as error:
        # torch raises a dozen kinds: no archive, a pickle of code, other names, other shapes
        said = str(error).strip().splitlines() or [type(error).__name__]
        fault = said[1].strip() if len(said) > 1 and "state_dict" in said[0] else said[0]
        raise BundleError(
            f"{path} is no {what} checkpoint that this program can read ({fault[:120]})"
        ) from error
