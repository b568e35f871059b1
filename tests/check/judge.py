"""A question, scales that are given, and what is made of an answer to it."""

import numpy as np

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.judging.compare import compare
from refdgm.check.judging.scale import Scale
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.question import Question, Terms

STRICT, LOOSE, LOOSEST = 2.0**-40, 2.0**-30, 2.0**-20
VALUE, MEAN = "output.value", "gradient.mean"


def question(name="gaussian_kl", dtype="float64", case=None, **terms):
    ref = CATALOGUE[name]
    return Question(ref, case or draw(ref, 3), Terms(tuple(ref.result), ref.wrt, **terms), dtype)


def judge(asked, scales=(STRICT, LOOSE, LOOSEST)):
    """With the scales as they are given, the same for every element."""
    tolerance = Tolerance(asked, asked.dtype)
    full = lambda scale: {role: np.full(x.shape, scale) for role, x in asked.base.items()}
    strict, loose, loosest = map(full, scales)
    vars(tolerance).update(_conditioning=given(strict), _evaluation=given(loose), as_written=loosest)
    return tolerance


def given(scale):
    """A scale of which there is no more to measure."""
    return Scale(scale, iter(()))


def right(asked):
    return {role: np.array(x) for role, x in asked.expected.items()}


def outcomes(tolerance, answers, severed=()):
    return {one.role: one for one in compare(tolerance, answers, list(severed))}
