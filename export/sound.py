"""The sound models to ONNX: separator.onnx, encoder.onnx, vocabulary.npy; sound.json says the rest.

    python -m export.sound --separator runs/separator.pt --encoder runs/encoder.pt -o DIR
    python -m export.sound --random -o DIR     # untrained weights, for trying the road

A model that is not named is left as it is in the folder.

Every graph is run in ONNX Runtime against torch before it is put in place; the separator also in
chunks against the whole. Files are written beside their place and renamed into it.
"""

from __future__ import annotations

import json
from pathlib import Path

from engine.system.terminal import say_json
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors
from training.sound.recordings import sounds_folder


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line; prints what was measured as JSON."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--separator", type=Path, help="checkpoint of training.train_separator")
    parser.add_argument("--encoder", type=Path, help="checkpoint of training.train_encoder")
    parser.add_argument("--random", action="store_true", help="untrained weights where none named")
    parser.add_argument("--sounds", type=Path, help="recordings trained on, to credit")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder to write into")
    args = parser.parse_args(argv)
    import torch

    from export.bundle.sound import export_all, sound_facts, write_facts
    from training.hearing.encoder import Encoder
    from training.hearing.encoder_training import load_encoder
    from training.hearing.separator import Separator, SeparatorShape
    from training.hearing.separator_training import load_separator
    from training.hearing.text import TextTower

    if not (args.random or args.separator or args.encoder):
        parser.error("name --separator, --encoder or both, or --random")
    torch.manual_seed(0)
    separator = Separator() if args.random else None
    encoder = (Encoder(), TextTower()) if args.random else None
    if args.separator:
        separator = load_separator(args.separator)
    if args.encoder:
        encoder = load_encoder(args.encoder)
    found = export_all(separator, encoder, args.out)
    sounds = sounds_folder(args.sounds)
    facts = sound_facts(args.separator, args.encoder, sounds, found, SeparatorShape())
    write_facts(args.out, facts)
    say_json(json.dumps({"export": facts["export"], "out": str(args.out)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
