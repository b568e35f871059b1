"""The usual forms of a definition to the last of their conditions: how far each is off, and what it stands for."""

from types import SimpleNamespace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.check.judging import composed, forms
from refdgm.check.judging.forms import Forms
from refdgm.check.judging.scale import Scale
from tests.check.judge import MEAN, VALUE, question

gaussian_kl = CATALOGUE["gaussian_kl"]


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_an_operation_that_numpy_has_not_is_excused_in_half_precision_alone(dtype):
    made = Forms(question(dtype=dtype), dtype)

    def none(*_):
        raise TypeError("no loop")

    made.by = none
    if dtype == "float16":
        assert made.natively(None) == {}
    else:
        with pytest.raises(TypeError, match="no loop"):
            made.natively(None)


def test_what_a_form_is_off_by():
    """Of the roles that there are, above and below; what is no number says nothing."""
    asked = question()
    expected = asked.base[VALUE]
    native = {VALUE: expected + np.array([1.0, -2.0, np.inf, np.nan, 0.0]), "output.other": expected}
    off = Forms(asked, "float32").off(native)
    assert list(off) == [VALUE]
    np.testing.assert_allclose(off[VALUE], [1.0, 2.0, 0.0, 0.0, 0.0], rtol=1e-12)


def test_what_a_linear_softplus_changes(monkeypatch):
    """Against the plain form, of the numbers that are some; of choices nothing, and nothing without such a form."""
    plain, other, linear = "plain", "other", "linear"
    found = {plain: {VALUE: np.array([1.0, 2.0, np.inf, 5.0]), "output.index": np.array([1, 2])},
             linear: {VALUE: np.array([1.5, 1.0, 3.0, 5.0]), "output.index": np.array([2, 2])}}
    has = SimpleNamespace(usual=lambda name: [plain, other], linear=lambda name: linear)
    monkeypatch.setattr(forms, "embedded", lambda: has)
    made = Forms(question(), "float64")
    made.by = lambda inputs, bars, form: found[form]
    changes = made.linear()
    assert list(changes) == [VALUE] and list(changes[VALUE]) == [0.5, 1.0, 0.0, 0.0]
    has.linear = lambda name: None
    assert made.linear() == {}


def test_a_scale_is_told_at_every_step_once():
    steps = iter([({VALUE: np.array([n]), MEAN: np.array([1.0 / n])},) for n in (1.0, 3.0, 2.0)])
    grown = list(Scale({VALUE: np.zeros(1), MEAN: np.zeros(1)}, steps).growing())
    assert [one[VALUE][0] for one in grown] == [0, 1, 3, 3] and [one[MEAN][0] for one in grown] == [0, 1, 1, 1]


def _asked(mean, logvar):
    return gaussian_kl.body(mean, logvar)


def root(mean, logvar):
    value, pullback = _asked(mean, logvar)
    return value**0.5, pullback


def alone(mean, logvar):
    return mean, logvar


def test_a_form_stands_for_the_reference_in_what_the_definition_calls_too(monkeypatch):
    monkeypatch.setattr(composed._StandIn, "body", lambda self, mean, logvar: (16.0, self.form))
    assert composed.with_form(root, gaussian_kl, "form")(1, 2) == (4.0, "form")
    assert root(np.ones((2, 3)), np.zeros((2, 3)))[0][0] == 1.5**0.5
    assert composed.with_form(alone.__call__, gaussian_kl, "form") is None
