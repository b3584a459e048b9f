"""The words: each label said in several ways, none of them twice, and the kin inside."""

from engine.synthesis.catalogue import SYNTHESISED
from training.vocabulary import KIN, LABELS, PHRASINGS, TEMPLATES, texts_of


def test_every_label_can_be_said_in_several_ways_and_made_in_code() -> None:
    assert len(set(LABELS)) == 48
    assert set(PHRASINGS) == set(LABELS) == set(SYNTHESISED)
    assert all(4 <= len(ways) <= 8 for ways in PHRASINGS.values())


def test_no_phrase_means_two_things() -> None:
    said = [phrase for label in LABELS for phrase in (label, *PHRASINGS[label])]
    assert len(said) == len(set(said))


def test_kin_lead_into_the_vocabulary_from_outside() -> None:
    assert set(KIN.values()) <= set(LABELS)
    assert not set(KIN) & set(LABELS)


def test_sentences_are_made_of_every_phrase() -> None:
    assert len(texts_of("rain")) == (1 + len(PHRASINGS["rain"])) * len(TEMPLATES)
    assert texts_of("camel")[0] == "camel"
