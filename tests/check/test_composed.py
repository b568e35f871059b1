"""A definition that calls the reference, with a form in its place, is that definition, and errs as the form does."""

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.check.judging.compare import compare
from refdgm.check.judging.composed import Nameless, with_form
from refdgm.check.judging.forms import embedded
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.cases import shipped
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import DIFFERS, LOSES
from refdgm.evidence.find import variants

from .judge import question

CHANGED = {"elbo": "the encoder gives log σ", "conditional_elbo": "the ", "odeint_adjoint": "t₀ integrated"}
CALLING = [one for one in variants() if with_form(one.body, CATALOGUE[one.reference], None) is not None]


def asked(one, case):
    ref = CATALOGUE[one.reference]
    return Question(ref, case, Terms(tuple(ref.result), ref.wrt, convention=one.convention))


@pytest.mark.parametrize("one", CALLING, ids=[f"{one.reference}: {one.convention}" for one in CALLING])
def test_the_definition_is_the_same(one):
    """To half of the digits, in a case of prime sizes; a Field that it has changed is received by no form."""
    ref = CATALOGUE[one.reference]
    it = asked(one, min(shipped(ref), key=lambda case: ("primes" not in case.flags, case.id)))
    composed = with_form(one.body, ref, embedded().usual(ref.name)[0])
    try:
        found = it.by(composed, it.inputs, it.bars)
    except Nameless:
        assert one.convention.startswith(CHANGED[ref.name])
        return
    for role, right in it.base.items():
        np.testing.assert_allclose(found[role], right, rtol=1e-6, atol=1e-7 * np.max(np.abs(right), initial=0))


def test_who_calls_no_reference_has_none():
    ref = CATALOGUE["softmax"]
    assert with_form(lambda logits: logits, ref, embedded().usual("softmax")[0]) is None
    assert with_form(min, ref, embedded().usual("softmax")[0]) is None


def test_the_root_of_what_a_cancellation_leaves():
    """Of laws 1e-4 apart the traces cancel to 1e-8 of themselves: d² has eight digits, and so have d and its slope. No
    more is excused: in the last of them, or by a factor of 1 + 1e-4, it is that of another formula."""
    case = next(case for case in shipped(CATALOGUE["frechet_distance"]) if case.id.endswith("/016"))
    it = question("frechet_distance", case=case, convention="the distance d itself, not squared")
    role = "gradient.cov_p"
    for times, verdict in ((1 + 2e-9, LOSES), (1 + 1e-4, DIFFERS)):
        answers = it.base | {role: it.base[role] * times}
        assert {o.role: o.verdict for o in compare(Tolerance(it), answers, [])}[role] == verdict
