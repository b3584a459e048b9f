"""The tables of the choreography against the drawings there are."""

from engine.motion.breath import breath_of
from engine.motion.kinds import CROSSES, HOPS, PERCHES, POSES, SWINGS, WAITS
from training.vocabulary import LABELS
from training.world.scene import LOOKS as HOW_MANY
from training.world.subjects.looks import LOOKS


def test_they_name_labels_and_looks_that_there_are() -> None:
    for table in (HOPS, SWINGS, CROSSES, WAITS, POSES, PERCHES):
        assert set(table) <= set(LABELS)
    for poses in POSES.values():
        assert {*poses, *poses.values()} <= set(range(HOW_MANY))
    assert not {label for label in HOPS if label in CROSSES or label in SWINGS}


def test_two_poses_are_of_one_animal() -> None:
    for label, poses in POSES.items():
        for one, other in poses.items():
            first, second = LOOKS[label][one].parts, LOOKS[label][other].parts
            assert len(first) == len(second) == 1
            assert first[0].swap == second[0].swap, f"{label} {one} and {other}: other colours"
            assert first[0].tone == second[0].tone
            assert first[0].drawing.partition("-")[0] == second[0].drawing.partition("-")[0]


def test_fire_breathes_where_it_burns_and_waves_where_the_water_is() -> None:
    box = (0.3, 0.6, 0.2, 0.4)
    fire, waves = breath_of("fire", box, 0.5), breath_of("waves", box, 0.5)
    assert fire is not None
    assert waves is not None
    assert fire.box[:2] == box[:2]
    assert fire.colour[0] > fire.colour[2], "amber"
    assert waves.box[1] > 0.6
    assert waves.box[2] > 1.0
    assert breath_of("dog", box, 0.5) is None
    assert breath_of("fire", box, 0.0) is None
    assert breath_of("fire", box, 3.0) == breath_of("fire", box, 1.0)
