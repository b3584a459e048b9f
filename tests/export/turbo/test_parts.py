"""The parts of a public painter against diffusers' own: sampler, attention, prompts, pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import (
    AutoencoderTiny,
    EulerDiscreteScheduler,
    LCMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES
from export.bench.random_weights import SCHEDULER
from export.bench.turbo import make_decoder_visible
from export.turbo.painter import TurboPainter, Vocabulary
from export.turbo.prompts import Prompts, prompt_states, style_templates, text_states
from export.turbo.sampler import fresh_noise, sampler
from tests.export.tiny_checkpoints import write_diffusion
from training.papers.checkpoints.diffusion import (
    guidance_states,
    load_diffusion,
    load_text,
    plan_diffusion,
)
from training.papers.checkpoints.error import CheckpointError

WORDS = torch.nn.functional.normalize(torch.randn(6, 24, generator=torch.manual_seed(1)), dim=-1)
LABELS = ("dog", "rain on a roof", "church bell", "stream", "wind", "crowd")
SUMMER_DAY = torch.tensor(
    [[*(x == "day" for x in LIGHTS), *(x == "summer" for x in SEASONS), 1, 0, 0]]
).float()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny checkpoint of SD-Turbo's kind, with a full VAE."""
    made = tmp_path_factory.mktemp("turbo")
    write_diffusion(made, "euler", "full")
    return made


@pytest.fixture(scope="module")
def prompts(folder: Path) -> Prompts:
    """The states of its text encoder."""
    return prompt_states(*load_text(plan_diffusion(folder)), LABELS, "photograph")


def painter(folder: Path, prompts: Prompts, steps: int = 1, always: float = 0.2) -> TurboPainter:
    """A painter of that checkpoint."""
    diffusion = load_diffusion(plan_diffusion(folder))
    vocabulary = Vocabulary(WORDS, prompts, 0.01, torch.float32)
    return TurboPainter(vocabulary, diffusion, sampler(diffusion.scheduler, steps), always).eval()


def noise(rows: int = 1, height: int = 9, width: int = 16, seed: int = 4) -> torch.Tensor:
    """(rows, 4, height, width)."""
    return torch.randn(rows, 4, height, width, generator=torch.manual_seed(seed))


def answer(latents: torch.Tensor, time: float) -> torch.Tensor:
    """A network that is not linear and knows the time."""
    return torch.tanh(latents) * (0.5 + time / 2000) + 0.1


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_euler_is_diffusers_own_loop(steps, kind):
    config = {**SCHEDULER, "prediction_type": kind, "_class_name": "EulerDiscreteScheduler"}
    scheduler = EulerDiscreteScheduler(**{**SCHEDULER, "prediction_type": kind})
    scheduler.set_timesteps(steps)
    right = noise() * scheduler.init_noise_sigma
    for time in scheduler.timesteps:
        told = answer(scheduler.scale_model_input(right, time), float(time))
        right = scheduler.step(told, time, right).prev_sample
    assert torch.allclose(unrolled(config, steps), right, atol=1e-4)


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_consistency_is_diffusers_own_loop(steps, monkeypatch):
    config = {**SCHEDULER, "_class_name": "LCMScheduler"}
    scheduler = LCMScheduler(**SCHEDULER)
    scheduler.set_timesteps(steps)
    stirred = iter(range(steps))
    monkeypatch.setattr(
        "diffusers.schedulers.scheduling_lcm.randn_tensor",
        lambda *_, **__: fresh_noise(noise(), next(stirred)),
    )
    right = noise()
    for time in scheduler.timesteps:
        right = scheduler.step(answer(right, float(time)), time, right).prev_sample
    assert torch.allclose(unrolled(config, steps), right, atol=1e-4)


def unrolled(config: dict, steps: int) -> torch.Tensor:
    """The sampler's own loop with the same network."""
    made = sampler(config, steps)
    latents = made.begin * noise()
    for i, step in enumerate(made.steps):
        told = answer(step.enter * latents, step.time)
        latents = step.keep * latents + step.take * told
        if step.stir:
            latents = latents + step.stir * fresh_noise(noise(), i)
    return latents


def test_fresh_noise_is_white_and_unlike_what_it_is_made_of():
    start = noise(1, 64, 64)
    made = [start, *(fresh_noise(start, step) for step in range(3))]
    flat = torch.stack([x.flatten() for x in made])
    assert (torch.corrcoef(flat) - torch.eye(4)).abs().max() < 0.05
    assert torch.equal(made[1], fresh_noise(start, 0))


def test_schedulers_that_are_not_known_are_refused():
    with pytest.raises(CheckpointError, match="scheduler is KDPM2DiscreteScheduler"):
        sampler({"_class_name": "KDPM2DiscreteScheduler"}, 1)
    sdxs = {**SCHEDULER, "_class_name": "DEISMultistepScheduler"}
    assert len(sampler(sdxs, 1).steps) == 1
    with pytest.raises(CheckpointError, match="known in one step only"):
        sampler(sdxs, 2)
    with pytest.raises(CheckpointError, match="give 1 to 4"):
        sampler({"_class_name": "LCMScheduler"}, 5)


@pytest.mark.parametrize("steps", [1, 2])
def test_one_sure_source_is_painted_as_the_public_pipeline_paints_its_prompt(
    folder, prompts, steps
):
    encoder, tokenizer = load_text(plan_diffusion(folder))
    diffusion = load_diffusion(plan_diffusion(folder))
    pipeline = StableDiffusionPipeline(
        diffusion.vae, encoder, tokenizer, diffusion.unet, EulerDiscreteScheduler(**SCHEDULER),
        None, None, requires_safety_checker=False,
    )  # fmt: skip
    pipeline.set_progress_bar_config(disable=True)
    prompt = style_templates("photograph")[0].format("church bell")
    right = pipeline(
        prompt, 72, 128, num_inference_steps=steps, guidance_scale=0.0, latents=noise(),
        output_type="np",
    ).images[0]  # fmt: skip
    mine = painter(folder, prompts, steps, always=0.0)
    with torch.no_grad():
        found = mine(WORDS[[2]][None], torch.ones(1, 1), SUMMER_DAY, noise())[0]
    off = np.abs(found.numpy().astype(float) - right * 255)
    assert right.std() > 0.02
    assert off.max() <= 2
    assert off.mean() < 0.5


def test_a_weight_is_a_share_of_the_attention(folder):
    torch.manual_seed(0)
    unet = UNet2DConditionModel.from_pretrained(folder / "unet").eval()
    public = UNet2DConditionModel.from_pretrained(folder / "unet").eval()
    from export.turbo.attention import log_weights, weigh_prompts

    weigh_prompts(unet)
    one, other = torch.randn(1, 5, 16), torch.randn(1, 5, 16)
    both = torch.cat([one, other], 1)

    def seen(*weights: float) -> torch.Tensor:
        bias = log_weights(torch.tensor([weights]), 5)
        return unet(noise(), 500, both, cross_attention_kwargs={"bias": bias})[0]

    with torch.no_grad():
        assert torch.allclose(seen(1, 1), public(noise(), 500, both)[0], atol=1e-5)
        assert torch.allclose(seen(1, 0), public(noise(), 500, one)[0], atol=1e-5)
        assert torch.allclose(seen(0, 0.3), public(noise(), 500, other)[0], atol=1e-5)
        far = [float((seen(1, w) - seen(1, 0)).abs().max()) for w in (0.01, 0.3, 1.0)]
    assert 0 < far[0] < far[1] < far[2]


def test_silence_is_the_empty_place_in_the_light_of_the_hour(folder, prompts):
    mine = painter(folder, prompts)
    quiet = torch.zeros(1, 4)
    night = SUMMER_DAY.clone()
    night[0, [LIGHTS.index("day"), LIGHTS.index("night")]] = torch.tensor([0.0, 1.0])
    papercut = SUMMER_DAY.clone()
    papercut[0, -3:] = torch.tensor([float(s == "papercut") for s in STYLES])
    with torch.no_grad():
        one = mine(WORDS[None, :4], quiet, SUMMER_DAY, noise())
        other = mine(WORDS[None, 2:6], quiet, SUMMER_DAY, noise())
        # a weight of 0 is a billionth: a level may be rounded the other way
        assert (one.int() - other.int()).abs().max() <= 1
        assert (one != other).float().mean() < 1e-3
        assert not torch.equal(one, mine(WORDS[None, :4], quiet + 0.5, SUMMER_DAY, noise()))
        assert not torch.equal(one, mine(WORDS[None, :4], quiet, night, noise()))
        assert not torch.equal(one, mine(WORDS[None, :4], quiet, papercut, noise()))


def test_states_move_without_a_jump_as_a_token_goes_from_word_to_word(prompts):
    vocabulary = Vocabulary(WORDS, prompts, 0.1, torch.float32)
    way = torch.linspace(0, 1, 400)[:, None, None]
    tokens = (1 - way) * WORDS[0] + way * WORDS[3]
    states = vocabulary(tokens, SUMMER_DAY.expand(400, -1))[:, 0].flatten(1)
    steps = (states[1:] - states[:-1]).norm(dim=1)
    assert steps.max() < 0.05 * (states[-1] - states[0]).norm()


def test_the_last_of_a_kind_of_upsampling_sizes_paints_too(folder, prompts):
    """Latents whose sides are odd halfway down: diffusers has a road of its own for them."""
    public = UNet2DConditionModel.from_pretrained(folder / "unet").eval()
    mine = painter(folder, prompts).unet
    context = torch.randn(2, 7, 16)
    with torch.no_grad():
        for size in ((9, 16), (8, 16), (11, 13)):
            right = public(noise(2, *size), 999, context)[0]
            assert torch.allclose(mine(noise(2, *size), 999, context)[0], right, atol=1e-5)


def test_guidance_is_embedded_as_the_public_consistency_pipeline_does():
    from diffusers import LatentConsistencyModelPipeline

    right = LatentConsistencyModelPipeline.get_guidance_scale_embedding(
        None, torch.tensor([7.5]), embedding_dim=256
    )
    found = guidance_states(256)
    assert found is not None
    assert torch.allclose(found, right, atol=1e-3)
    assert guidance_states(None) is None


def test_prompts_are_asked_as_the_public_pipeline_asks(folder):
    encoder, tokenizer = load_text(plan_diffusion(folder))
    states = text_states(encoder, tokenizer, ["a dog", "a" * 300])
    assert states.shape == (2, 77, 16)
    assert not torch.equal(states[0], states[1])


def test_an_untrained_decoder_paints_something_that_shows() -> None:
    torch.manual_seed(0)
    wide = (16,) * 4
    vae = AutoencoderTiny(encoder_block_out_channels=wide, decoder_block_out_channels=wide)
    latents = 3 * torch.tanh(5 * torch.randn(2, 4, 8, 8))
    with torch.no_grad():
        before = vae.decode(latents).sample
        make_decoder_visible(vae, latents)
        after = vae.decode(latents).sample.clamp(-1, 1)
    assert before.mean() < -0.8, "nearly black"
    assert 0.2 < after.std() < 0.8
    assert abs(float(after.mean())) < 0.3
