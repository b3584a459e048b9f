"""Trains the autoencoder on painted pictures.

    python -m training.train_autoencoder runs/pictures runs/autoencoder.pt --minutes 20

The learning rate follows the clock, so a run takes the time it is given on any machine; a run that
is stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from training.autoencoder import Autoencoder, reconstruction_loss, to_model
from training.pictures import paint_pool
from training.progress import MovingAverage, cosine_rate, load_checkpoint, save_checkpoint

PEAK_RATE = 1.5e-3
KL_WEIGHT = 2e-4


def train(
    pictures: np.ndarray, out: Path, minutes: float, batch: int = 8, seed: int = 0
) -> Autoencoder:
    """Trains for some minutes, resuming from `out` when it exists; returns the averaged model."""
    torch.manual_seed(seed)
    model = Autoencoder().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(model.parameters(), PEAK_RATE, (0.9, 0.99), weight_decay=1e-3)
    average, spent, step = MovingAverage(model), 0.0, 0
    if saved := load_checkpoint(out):
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        average.state, average.steps = saved["average"], saved["step"]
        spent, step = saved["spent_s"], saved["step"]
    rng = np.random.default_rng([seed, step])
    budget, saved_at = 60 * minutes, spent

    def save() -> None:
        save_checkpoint(
            out,
            {
                "model": model.state_dict(),
                "average": average.state,
                "optimiser": optimiser.state_dict(),
                "spent_s": spent,
                "step": step,
            },
        )

    with tqdm(total=round(budget), initial=round(spent), unit="s", desc="autoencoder") as bar:
        try:
            while spent < budget:
                begun = time.monotonic()
                rate = PEAK_RATE * cosine_rate(round(spent * 10), round(budget * 10), 300)
                for group in optimiser.param_groups:
                    group["lr"] = rate
                rows = np.sort(rng.choice(len(pictures), batch, replace=False))
                true = to_model(torch.from_numpy(pictures[rows]))
                true = true.to(memory_format=torch.channels_last)
                with torch.autocast("cpu", torch.bfloat16):
                    mean, log_variance = model.encoder(true)
                    latents = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
                    made = model.decoder(latents)
                kl = 0.5 * (mean.float() ** 2 + log_variance.exp() - 1 - log_variance.float())
                loss = reconstruction_loss(made.float(), true) + KL_WEIGHT * kl.mean()
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimiser.step()
                average.update(model)
                step += 1
                took = time.monotonic() - begun
                spent += took
                bar.update(round(spent) - bar.n)
                bar.set_postfix(loss=f"{loss.item():.4f}", step=step, refresh=False)
                if spent - saved_at > 60:
                    saved_at = spent
                    save()
        except KeyboardInterrupt:
            save()
            raise
    model.load_state_dict(average.state)
    measure_latents(model, pictures)
    average.state = model.state_dict()
    save()
    return model


@torch.no_grad()
def measure_latents(model: Autoencoder, pictures: np.ndarray, count: int = 512) -> None:
    """Sets the scale that gives latents zero mean and unit variance per channel."""
    rows = np.linspace(0, len(pictures) - 1, min(count, len(pictures))).astype(int)
    means = []
    for part in np.array_split(rows, max(1, len(rows) // 32)):
        means.append(model.encoder(to_model(torch.from_numpy(pictures[part])))[0])
    latents = torch.cat(means)
    model.latent_mean.copy_(latents.mean((0, 2, 3), keepdim=True))
    model.latent_std.copy_(latents.std((0, 2, 3), keepdim=True))


def load_autoencoder(path: Path) -> Autoencoder:
    """The averaged autoencoder of a finished run."""
    model = Autoencoder()
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(f"{path}: no such checkpoint; run training.train_autoencoder first")
    model.load_state_dict(saved["average"])
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pictures", type=Path, help="folder of the picture pool")
    parser.add_argument("out", type=Path, help="checkpoint to write, or to go on from")
    parser.add_argument("--count", type=int, default=24_000, help="pictures (default %(default)s)")
    parser.add_argument("--minutes", type=float, default=20, help="time (default %(default)s)")
    a = parser.parse_args()
    train(paint_pool(a.pictures, 0, a.count, 256, 144).pictures, a.out, a.minutes)


if __name__ == "__main__":
    main()
