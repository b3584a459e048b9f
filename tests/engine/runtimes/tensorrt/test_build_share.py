import pytest

from engine.runtimes.tensorrt.build_share import BuildShare


def test_inner_phases_are_parts_of_a_step_and_it_never_goes_back():
    share = BuildShare()
    share.start("build", None, 2)
    share.start("inner", "build", 4)
    seen = []
    for step in range(4):
        share.step("inner", step)
        seen.append(share.done)
    assert seen == pytest.approx([0.125, 0.25, 0.375, 0.5])
    share.finish("inner")
    share.step("build", 0)
    assert share.done == 0.5
    share.start("inner", "build", 4)
    share.step("inner", 1)
    assert share.done == 0.75
    share.finish("inner")
    share.step("build", 1)
    assert share.done == 1.0
    share.step("unknown", 3)
    share.start("another", None, 10)
    assert share.done == 1.0
