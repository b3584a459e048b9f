"""Systems by name, from public checkpoints by role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from training.loop.plain_errors import InputError
from training.papers.checkpoints.files import find_checkpoint
from training.papers.harness.system import System
from training.papers.systems.names import ROLES


@dataclass(frozen=True, slots=True)
class Request:
    """Which system, from what."""

    system: str
    generator: str
    checkpoints: Mapping[str, str]
    """Role to place."""
    targets: str = "a2a"
    """Of av_gas."""
    background: tuple[str, ...] = ()
    """Labels that av_gas hears behind others."""
    gan_class: int | None = None
    seconds: float | None = None
    """Of a clip, if not the paper's."""
    width: int = 64
    """Of the first layer of what is trained from nothing; only trials have less."""
    steps: int = 20
    """Of the sampler."""
    places: dict[str, Path] = field(default_factory=dict, compare=False)

    def place(self, role: str) -> Path:
        """Where a role's checkpoint is. Raises InputError where none was named."""
        if role not in self.checkpoints:
            raise InputError(
                f"{self.system} with {self.generator} needs {role} ({ROLES[role]}): "
                f"--with {role}=PLACE"
            )
        return self.places.setdefault(role, find_checkpoint(self.checkpoints[role]))


def build(request: Request) -> System:
    """The system with its public parts read and what it trains fresh.

    Raises InputError or CheckpointError: one line.
    """
    makers: dict[str, Callable[[Request], System]] = {
        "macs": _macs, "av_gas": _av_gas, "seeing_sound": _seeing_sound,
        "sound2vision": _sound2vision,
    }  # fmt: skip
    return makers[request.system](request)


def _generator(request: Request, tokens: int | None, width: int, beside: bool, guidance: float):
    from training.papers.models.generators.backbones import read_pixart, read_stable_diffusion
    from training.papers.models.generators.biggan import read_biggan
    from training.papers.models.generators.bridges import FeatureBridge, SlotBridge, TokenBridge
    from training.papers.models.generators.diffusion import Diffusion
    from training.papers.models.generators.gan import Gan

    if request.generator == "gan":
        return Gan(read_biggan(request.place("gan")), request.gan_class)
    read = read_stable_diffusion if request.generator == "sd" else read_pixart
    backbone = read(request.place(request.generator))
    if tokens is None:
        bridge = TokenBridge(width, backbone.states)
    elif tokens == 1:
        bridge = FeatureBridge(width, backbone.states)
    else:
        bridge = SlotBridge(tokens, width, backbone.states)
    return Diffusion(backbone, bridge, beside, guidance, request.steps)


def _macs(request: Request) -> System:
    from training.papers.models.clap import read_clap
    from training.papers.models.generators.bridges import SlotBridge, read_slot_bridge
    from training.papers.models.generators.diffusion import Diffusion, read_decoupled_unet
    from training.papers.models.macs_separator import MacsSeparator, read_macs_separator
    from training.papers.systems.macs import SECONDS, SLOTS, Macs

    clap = read_clap(request.place("clap"))
    samples, trained = round(Macs.rate_hz * (request.seconds or SECONDS)), []
    if "separator" in request.checkpoints:
        separator = read_macs_separator(request.place("separator"), samples, SLOTS)
        trained.append("separator")
    else:
        separator = MacsSeparator(samples, SLOTS, request.width)
    generator = _generator(request, SLOTS, clap.width, beside=True, guidance=7.5)
    if "mlp" in request.checkpoints or "unet" in request.checkpoints:
        if request.generator != "sd":
            raise InputError("MACS's mlp and unet are Stable Diffusion's: give --generator sd")
        assert isinstance(generator, Diffusion)
        assert isinstance(generator.bridge, SlotBridge)
        read_slot_bridge(request.place("mlp"), generator.bridge)
        read_decoupled_unet(request.place("unet"), generator)
        trained.append("pictures")
    return Macs(separator, clap, generator, request.generator, trained)


def _features(request: Request, parts: int):
    from training.papers.models.av_separator import PictureFeatures, SoundFeatures
    from training.papers.models.resnet import ResNet, read_resnet

    eye = PictureFeatures(read_resnet(request.place("seen"), 50).requires_grad_(False))
    width = eye.network.features
    ear = SoundFeatures(ResNet(18, 1, parts * width, request.width), parts)
    return ear, eye, _generator(request, 1, width, beside=True, guidance=7.5)


def _sound2vision(request: Request) -> System:
    from training.papers.systems.sound2vision import SECONDS, Sound2Vision

    ear, eye, generator = _features(request, 1)
    return Sound2Vision(ear, eye, generator, request.generator, request.seconds or SECONDS)


def _av_gas(request: Request) -> System:
    from training.papers.models.av_separator import SoundFeatures
    from training.papers.models.resnet import read_resnet
    from training.papers.systems.av_gas import SECONDS, AvGas

    ear, eye, generator = _features(request, 2)
    heard = read_resnet(request.place("heard"), 18, 1, eye.network.features)
    return AvGas(
        ear, SoundFeatures(heard.requires_grad_(False)), eye, generator, request.generator,
        request.targets, request.background, request.seconds or SECONDS,
    )  # fmt: skip


def _seeing_sound(request: Request) -> System:
    from training.papers.models.ast_tokens import read_ast
    from training.papers.systems.seeing_sound import GUIDANCE, SECONDS, SeeingSound

    ear = read_ast(request.place("ast"))
    generator = _generator(request, None, ear.width, beside=False, guidance=GUIDANCE)
    return SeeingSound(ear, generator, request.generator, request.seconds or SECONDS)
