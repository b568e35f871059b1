"""The sweep of scalar functions: its definitions are those of balls, its units are right, its record is made again."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.certify import balls
from refdgm.certify.enclose import ball, gradient_by_series
from refdgm.evidence.definitions import definition

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("softplus", "log_sigmoid", "silu", "gelu", "gelu_tanh")
POINTS = np.float32([1e-30, 1e-3, 0.3, 0.75, 1.0, 1.2784645, 2.5, 9.9, 17.0, 60.0, 88.0])
POINTS = np.concatenate([-POINTS, POINTS]).astype(np.float64)
CROSSING = {"softplus": 0, "log_sigmoid": 0, "silu": 2.0**-60, "gelu": 2.0**-51, "gelu_tanh": 2.0**-60}
FAR = {"gelu": 40, "gelu_tanh": 20}  # beyond, its tail is e^{−x³}, or e^{−x²/2}, and below all numbers
pytestmark = pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="no numbers of 64 bits on this machine")


@pytest.fixture(scope="module")
def sweep():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        yield importlib.import_module("validation.make.sweep")


@pytest.fixture(scope="module")
def kept(sweep):
    return json.loads(sweep.RECORD.read_text(encoding="utf-8"))


def test_it_sweeps_what_is_recorded(sweep, kept):
    assert list(kept) == list(sweep.DEFINITIONS) == list(NAMES)
    assert sweep.RECORD.with_suffix(".md").read_text(encoding="utf-8") == sweep.report(kept)


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_is_the_one_that_certifies(sweep, name):
    """In balls of 1000 bits, where nothing is lost: to 2⁻⁵⁰, and where a slope crosses zero to 2⁻⁶⁰ of one, or that of
    the exact gelu, which is made of a double, to 2⁻⁵¹."""
    text, points = definition(name).texts[""], POINTS[np.abs(POINTS) < FAR.get(name, 100)]
    with balls.precision(1000):
        one = lambda x: text(balls, x)
        exact = one(ball(points)), gradient_by_series(one, {"x": points}, ["x"], np.ones_like(points))["x"]
        told = [[np.longdouble(y.mid().str(25, radius=False)) for y in each.raw] for each in exact]
    for form, right in zip(sweep.DEFINITIONS[name], told, strict=True):
        assert np.all(np.abs(form(points.astype(np.longdouble)) - right) <= 2.0**-50 * np.abs(right) + CROSSING[name])


@pytest.mark.parametrize("name", NAMES)
def test_near_zero_and_far_out_it_is_a_line(name):
    """To 2⁻²⁶ of an ulp of float32, in both directions, up to where the lines are read."""
    of = importlib.import_module("validation.make.sweep_definitions")
    for forms, ends in ((of.AT_ZERO, (of.NEAR, of.NEAR / 3, 2.0**-149)), (of.FAR_OUT, (of.FAR, 1e3, 3e38))):
        x = np.concatenate([np.float64(ends), -np.float64(ends)])
        for line, form in zip(forms[name], of.DEFINITIONS[name], strict=True):
            right = form(x.astype(np.longdouble))
            assert np.all(np.abs(line(x) - right) <= 2.0**-50 * np.abs(right) + 2.0**-200)


def test_an_ulp_is_the_spacing_at_the_exact_result(sweep):
    way, eps = sweep.WAYS["float32"], 2.0**-23
    right = np.longdouble([1.0, 1.5, 2.0, 0.999, 2.0**-149, 0.0])
    got = np.array([1 + eps, 1.5 + eps, 2 + 2 * eps, 0.999 + eps / 2, 2.0**-148, 2.0**-149])
    assert np.allclose(sweep.ulps(got, right, way), 1)
    assert np.isinf(sweep.ulps(np.array([np.nan]), right[:1], way))
    half = sweep.WAYS["bfloat16"]
    assert np.allclose(sweep.ulps(np.array([1 + 2.0**-7, 2.0**-132]), np.longdouble([1.0, 2.0**-133]), half), 1)


def test_every_finite_number_is_asked_once(sweep):
    of_half = np.concatenate(list(sweep.chunks(sweep.WAYS["bfloat16"], 1)))
    assert of_half.size == 2**16 - 2**8 and np.unique(of_half.view(np.uint32)).size == of_half.size
    some = np.concatenate(list(sweep.chunks(sweep.WAYS["float32"], 2**20 + 1)))
    assert abs(some.size - (2**32 - 2**24) / (2**20 + 1)) < 20
    assert {*np.unique(np.frexp(some)[1])} >= {*range(-125, 128)} and len({*(some.view(np.uint32) & 15)}) == 16


def test_a_fault_is_seen_where_it_stands(sweep):
    """Of one bfloat16 number the value is off by three ulps, and of no other."""
    ref, way = CATALOGUE["softplus"], sweep.WAYS["bfloat16 inside float32"]

    def faulty(x):
        value, pullback = ref.body(x)
        return np.where(x == 1.5, value * (1 + 3 * 2.0**-7), value).astype(x.dtype), pullback

    found = sweep.swept(faulty, "softplus", way, 1)
    assert found["value"].at == 1.5 and found["value"].ulps > 2 and found["slope"].ulps < 1


@pytest.mark.parametrize("name", NAMES)
def test_a_row_is_made_again(sweep, kept, name):
    """All of bfloat16; and some of float32, which is no worse than what was found among more."""
    here = sweep.level() == kept[name]["level"]
    for called, way in sweep.WAYS.items():
        whole = way.many == 2**16
        found = sweep.swept(CATALOGUE[name].body, name, way, 1 if whole else 257 * (2**12 + 1))
        for role, one in found.items():
            was = kept[name]["ways"][called][role]
            assert one.ulps <= 1.5 * was["ulps"] + 2
            if whole:
                assert one.numbers == was["numbers"]
            if whole and here:
                assert one.plain() == was
