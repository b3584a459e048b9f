"""What the systems are called, and what they are made of; needs no library."""

from __future__ import annotations

SYSTEMS = ("macs", "av_gas", "seeing_sound", "sound2vision")
GENERATORS = ("gan", "sd", "pixart")
ROLES = {
    "clap": "macs: LAION's CLAP without fusion, in transformers' format",
    "ast": "seeing_sound: the Audio Spectrogram Transformer, in transformers' format",
    "seen": "sound2vision, av_gas: ResNet-50 of SwAV's or torchvision's names, file",
    "heard": "av_gas: sound encoder that sound2vision trained, file",
    "sd": "Stable Diffusion, in diffusers' format",
    "pixart": "PixArt-alpha at 256 or 512, in diffusers' format",
    "gan": "IC-GAN's generator of BigGAN's kind, file",
    "separator": "macs: public separator_FSD50K_full.pt; its stage is then left out",
    "mlp": "macs: public <DATASET>_mlp.pt, with unet; their stage is then left out",
    "unet": "macs: public <DATASET>_unet.pt",
}
"""What a system or a generator is made of: a file, a folder, or a folder's name on the hub."""
