import numpy as np

from engine.bundle import load_bundle
from tests.tiny_models import LABELS, TEMPERATURE, tone_of


def test_a_bundle_opens_and_its_models_do_their_work(small_bundle):
    bundle = load_bundle(small_bundle)
    models = bundle.models("onnxruntime")
    clips = np.stack([tone_of(label) for label in LABELS])
    found = models.encoder.run({"audio": clips})["embedding"] @ bundle.vocabulary.T
    assert list(found.argmax(1)) == list(range(len(LABELS)))
    assert np.exp(found / TEMPERATURE).max() > 0
