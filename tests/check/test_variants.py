"""Other definitions of the field: each is what autograd makes of it, is recognised, and excuses no mistake."""

import autograd.numpy as np
import pytest

from refdgm.cases import draw, flatten
from refdgm.check.questions import cases as questions
from refdgm.evidence.find import variants
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.testing import check

from ..turns import in_turn
from .other_definitions import FOLLOWING, SOLVERS

pytestmark = pytest.mark.usefixtures("measured_together")


def asked(name, function, **more):
    entry = {"pair": True} if name.endswith("_adjoint") else {}
    return check(function, name, framework="autograd", **entry, **more)


def revealing(ref):
    """Where it shows, and soonest: one case of each of three methods, its network one that looks at the time, for the
    way there is integrated along; several steps of rk4, for only there the rule is another one."""
    for method, least in (("rk4", 2), ("heun", 1), ("euler", 1)):
        timed = [case for case in SHIPPED(ref) if case.options["method"] == method and "timed" in case.flags]
        several = [case for case in timed if case.options["steps"] >= least]
        yield min(several, key=lambda case: (case.options["steps"], sum(x.size for x in case.arrays.values())))


@pytest.fixture(params=["some", pytest.param("all", marks=pytest.mark.long)])
def some_or_all(request, monkeypatch):
    """The solvers are slow under autograd: they are asked in three cases, in the long run in all."""
    if request.param == "some":
        few = lambda ref: [*revealing(ref)] if ref.name in SOLVERS else SHIPPED(ref)
        monkeypatch.setattr(questions, "shipped", few)
    return request.param


SHIPPED = questions.shipped
TURN = in_turn(FOLLOWING, lambda one: one[0])


@pytest.mark.parametrize("name, convention, function", TURN, ids=[f"{n}: {c}" for n, c, _ in TURN])
def test_it_is_recognised(some_or_all, name, convention, function):
    assert asked(name, function).convention == convention


def test_none_is_forgotten():
    known = {(entry.reference, entry.convention) for entry in variants()}
    assert known == {(name, convention) for name, convention, _ in FOLLOWING if "; " not in convention}


@pytest.mark.parametrize("name, convention, function", FOLLOWING[:1] + FOLLOWING[2:3] + FOLLOWING[7:9])
def test_it_may_be_declared(name, convention, function):
    assert asked(name, function, convention=convention).convention == ""


@pytest.mark.parametrize("name, convention, function", TURN, ids=[f"{n}: {c}" for n, c, _ in TURN])
def test_a_mistake_beside_it_is_found(some_or_all, monkeypatch, name, convention, function):
    """A slightly wrong number, in the value or in the last gradient alone; it is found in the first cases already, and
    what is searched for a name of it is not asked in more, of a solver in one alone."""
    if name not in SOLVERS:
        monkeypatch.setattr(questions, "shipped", lambda ref: SHIPPED(ref)[:6])
    elif some_or_all == "some":
        monkeypatch.setattr(questions, "shipped", lambda ref: [next(revealing(ref))])

    def wrong(*args, **options):
        made = function(*args, **options)
        if not name.endswith("_adjoint"):
            return tuple(1.001 * y for y in made) if isinstance(made, tuple) else 1.001 * made
        return made[0], lambda bar: (g := made[1](bar)) | {"t1": 1.001 * g["t1"]}

    with pytest.raises(AssertionError, match=f"{name}: differs"):
        asked(name, wrong)


@pytest.mark.parametrize("method, order, which", [("euler", 1, 1), ("midpoint", 2, 1), ("rk4", 4, 1), ("rk4", 4, 2)])
def test_the_adjoint_along_the_way_tends_to_the_derivative(method, order, which):
    """As the reference does, and with its order: neither is the exact one of the solver, and both are of the flow."""
    case = draw(odeint_adjoint, 3, "unit", None, {"velocity": "mlp_tanh", "method": method, "steps": 1})
    velocity, given = odeint_adjoint.args["velocity"].known["mlp_tanh"], list(case.arguments().values())
    errors = []
    for steps in (16, 32):
        options = {"velocity": velocity, "method": method, "steps": steps}
        z1, exact = odeint.body(*given, **options)
        _, pullback = variants("odeint_adjoint")[which].body(*given, **options)
        found, right = flatten(pullback(np.ones_like(z1))), flatten(exact(np.ones_like(z1)))
        errors.append(max(np.max(np.abs(found[name] - right[name])) for name in right))
    assert errors[0] > 1.8**order * errors[1]
