"""The sound models to ONNX: separator.onnx, encoder.onnx, vocabulary.npy; sound.json says the rest.

    python -m export.sound --separator runs/separator.pt --encoder runs/encoder.pt -o DIR
    python -m export.sound --random -o DIR     # untrained weights, for trying the road

The encoder is one that has learnt words of its own (`python -m training.train_presence
--new-words`). Every graph is run in ONNX Runtime against torch before it is put in place; the
separator also in chunks against the whole. Files are written beside their place and renamed into
it.
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
    parser.add_argument("--encoder", type=Path, help="checkpoint of training.train_presence")
    parser.add_argument("--random", action="store_true", help="untrained weights instead")
    parser.add_argument("--sounds", type=Path, help="recordings trained on, to credit")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder to write into")
    args = parser.parse_args(argv)
    if not args.random and not (args.separator and args.encoder):
        parser.error("name --separator and --encoder, or --random")
    import torch

    from export.bundle.read_models import read_encoder, read_separator, read_words
    from export.bundle.sound import export_all, sound_facts
    from training.hearing.encoder_training import Student
    from training.hearing.separator import Separator
    from training.loop.whole_files import write_text

    checkpoints: dict[str, Path] = {}
    if args.random:
        torch.manual_seed(0)
        student, separator = Student().eval(), Separator()
        encoder, words = student.encoder, student.directions().detach().numpy()
    else:
        checkpoints = {"encoder": args.encoder, "separator": args.separator}
        separator, encoder = read_separator(args.separator), read_encoder(args.encoder)
        words = read_words(args.encoder)
    found = export_all(separator, (encoder, words), args.out)
    facts = sound_facts(checkpoints, sounds_folder(args.sounds), found, separator.shape)
    write_text(args.out / "sound.json", json.dumps(facts, indent=1))
    say_json(json.dumps({"export": facts["export"], "out": str(args.out)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
