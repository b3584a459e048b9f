"""Sharpens the decoder on its own, the latents staying as they are.

    python -m training.refine_decoder runs --minutes 12

The reconstruction loss alone answers doubt with blur; a patch discriminator (Isola et al. 2017,
hinge loss) asks for edges, and the distance of its own features says how like the true picture they
are (feature matching, as in pix2pixHD, Wang et al. 2018). The adversarial share makes both losses
pull equally on the last layer, times `ADVERSARIAL` (VQGAN, Esser et al. 2021, eq. 7). The latents
get a little noise: those of a few-step generator are never exact.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.loop.arguments import CommandParser, duration
from training.loop.plain_errors import plain_errors


@plain_errors()
def main() -> None:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="folder with the finished autoencoder")
    parser.add_argument("--minutes", type=duration, default=12, help="time (default %(default)s)")
    a = parser.parse_args()
    from training.painting.autoencoder_training import load_autoencoder
    from training.painting.decoder_training import train
    from training.painting.pictures import paint_pool, plans

    autoencoder = load_autoencoder(a.runs / "autoencoder.pt")  # before anything is painted
    pools = [paint_pool(a.runs, plan).pictures for plan in plans()]
    train(pools, autoencoder, a.runs / "decoder.pt", a.minutes)


if __name__ == "__main__":
    main()
