"""The judge of the kit measures only what an answer needs, refuses what is wrong, and says what that is equal to."""

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.evidence.definitions import definition
from refdgm.evidence.find import mistakes
from refdgm.reference import Reference

from .asking import ask
from .drawing import LANE_SIZES
from .tolerance import DRAWS, NOISE_DRAWS, Judge

WRONG = {one.name: one.body for one in mistakes("gaussian_kl")}


def judged(name):
    return Judge(CATALOGUE[name], definition(name), draw(CATALOGUE[name], 1, sizes=LANE_SIZES))


def with_declared(ref, **other):
    """The reference with something else in a place of its declaration."""
    made = object.__new__(Reference)
    made.__dict__.update(ref.__dict__ | other)
    return made


def test_a_right_answer_leaves_most_unmeasured():
    judge = judged("gaussian_kl")
    judge.compare(ask(judge.ref, judge.case))
    assert len(list(judge.samples)) > NOISE_DRAWS


def test_a_wrong_answer_was_held_against_all():
    judge = judged("softmax")
    got = ask(judge.ref, judge.case)
    with pytest.raises(AssertionError):
        judge.compare(got | {"output.value": got["output.value"] * (1 + 1e-9)})
    assert list(judge.samples) == []
    whole = judged("softmax")
    assert len(list(whole.samples)) == DRAWS + 1 + NOISE_DRAWS
    for name in judge.want:  # the same bounds, asked for at once or one by one
        np.testing.assert_array_equal(judge.excess(name, got[name]), whole.excess(name, got[name]))


def test_the_failure_names_element_equation_and_mistake():
    judge = judged("gaussian_kl")
    wrong = with_declared(judge.ref, body=WRONG["gaussian_kl/logvar_gradient_sign"])
    with pytest.raises(AssertionError) as raised:
        judge.compare(ask(wrong, judge.case))
    told = str(raised.value)
    assert told.startswith("gradient.logvar[")
    assert "equation (2): μ_bar = J_bar μ,   λ_bar = J_bar (e^λ − 1) / 2" in told
    assert "it equals the known mistake gaussian_kl/logvar_gradient_sign: " in told


def test_another_shape_and_no_number_are_refused():
    judge = judged("gaussian_kl")
    got = ask(judge.ref, judge.case)
    with pytest.raises(AssertionError, match=r"output\.value has the shape \(3, 1\), not \(3,\)"):
        judge.compare(got | {"output.value": got["output.value"][:, None]})
    with pytest.raises(AssertionError, match=r"gradient\.mean\[0, 0\] is nan"):
        judge.compare(got | {"gradient.mean": got["gradient.mean"] * np.nan})
