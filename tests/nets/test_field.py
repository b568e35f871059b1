"""The named velocities and their tangents in the direction of the state."""

from dataclasses import replace
from itertools import combinations

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from refdgm import CATALOGUE, ArgumentError
from refdgm.cases import draw, flatten
from refdgm.evidence.nets import fields
from refdgm.flow.bijection import Bijection
from refdgm.nets.field import SCORES, VELOCITIES, Field

every_velocity = pytest.mark.parametrize("name", VELOCITIES)
SIZES = {"B": 5, "D": 3, "hidden": (7, 4)}
SQUARE = {"B": 3, "D": 3, "hidden": (3, 3)}
LINEAR = {"B": 4, "D": 2, "hidden": ()}


def problem(name, sizes, rng, directions=2):
    """z, z_dot, t, θ and cotangents of f and f_dot."""
    arguments = draw(CATALOGUE["odeint"], 17, sizes=sizes, options={"velocity": name}).arguments()
    z, shape = arguments["z0"], arguments["z0"].shape
    several = (shape[0], directions, shape[1])
    bars = rng.normal(size=shape), rng.normal(size=several)
    return z, rng.normal(size=several), np.asarray(0.3), arguments["theta"], *bars


def textbook(name, z, z_dot, t, theta):
    """f, and its Jacobian times each direction."""
    field = fields.Field(anp, name, timed=True)
    jacobian = field.jacobian(z, t, theta)
    return field(z, t, theta), anp.einsum("bij,brj->bri", jacobian, z_dot)


@every_velocity
@pytest.mark.parametrize("sizes", [SIZES, SQUARE, LINEAR], ids=["primes", "square", "no hidden layer"])
def test_tangent_and_pullback_are_those_of_the_textbook(name, sizes, rng):
    """Kills: t_dot ≠ 0, a gradient without the curvature term, t_bar without the part of f_dot, θ_bar of one output
    alone."""
    z, z_dot, t, theta, f_bar, f_dot_bar = problem(name, sizes, rng)

    def paired(leaves):
        f, f_dot = textbook(name, *leaves)
        return anp.sum(f * f_bar) + anp.sum(f_dot * f_dot_bar)

    (f, f_dot), pullback = VELOCITIES[name].jvp(z, z_dot, t, theta)
    for got, want in zip((f, f_dot), textbook(name, z, z_dot, t, theta), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(f, VELOCITIES[name].value(z, t, theta), rtol=1e-14)
    got = pullback(f_bar, f_dot_bar)
    want = dict(zip(("z", "z_dot", "t", "theta"), autograd.grad(paired)((z, z_dot, t, theta)), strict=True))
    assert got.keys() == want.keys()
    for entry in ("z", "z_dot", "t"):
        np.testing.assert_allclose(got[entry], want[entry], rtol=1e-12, atol=1e-13, err_msg=entry)
    for entry, x in want["theta"].items():
        np.testing.assert_allclose(got["theta"][entry], x, rtol=1e-12, atol=1e-13, err_msg=entry)
    for chosen in ("z", "z_dot", "t"):
        np.testing.assert_array_equal(pullback(f_bar, f_dot_bar, wrt=(chosen,))[chosen], got[chosen])
    _, of_the_value = VELOCITIES[name].vjp(z, t, theta)
    for chosen in ("z", "t"):
        np.testing.assert_array_equal(of_the_value(f_bar, wrt=(chosen,))[chosen], of_the_value(f_bar)[chosen])
    for entry, x in pullback(f_bar, f_dot_bar, wrt=("theta",))["theta"].items():
        np.testing.assert_array_equal(x, got["theta"][entry])


@every_velocity
@pytest.mark.parametrize("sizes", [SIZES, LINEAR], ids=["primes", "no hidden layer"])
def test_directions_may_be_shared_by_the_batch(name, sizes, rng):
    """(1, R, D) is every example's (R, D), cotangents are per example all the same. Kills: θ_bar of one example, Σ_b
    taken of directions that are already shared, a cotangent of them summed over the batch."""
    z, z_dot, t, theta, f_bar, f_dot_bar = problem(name, sizes, rng)
    several = np.repeat(z_dot[:1], len(z), axis=0)
    (_, f_dot), pullback = VELOCITIES[name].jvp(z, z_dot[:1], t, theta)
    (_, every), all_pullback = VELOCITIES[name].jvp(z, several, t, theta)
    np.testing.assert_allclose(f_dot + np.zeros_like(every), every, rtol=1e-13)
    got, want = pullback(f_bar, f_dot_bar), all_pullback(f_bar, f_dot_bar)
    for entry in ("z", "z_dot", "t"):
        np.testing.assert_allclose(got[entry], want[entry], rtol=1e-12, atol=1e-13, strict=True)
    for entry, x in want["theta"].items():
        np.testing.assert_allclose(got["theta"][entry], x, rtol=1e-12, atol=1e-13, err_msg=entry)


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("hidden", [(7, 4), ()], ids=["primes", "no hidden layer"])
def test_directions_of_a_score_may_be_shared_too(name, hidden, rng):
    """As above, of the fields without time."""
    x, theta = rng.normal(size=(5, 3)), {
        entry: rng.normal(size=shape) for entry, shape in SCORES[name].layout.shapes(3, 3, hidden).items()
    }
    shared, bars = rng.normal(size=(1, 2, 3)), (rng.normal(size=(5, 3)), rng.normal(size=(5, 2, 3)))
    got = SCORES[name].jvp(x, shared, theta)[1](*bars)
    want = SCORES[name].jvp(x, np.repeat(shared, 5, axis=0), theta)[1](*bars)
    for entry in ("x", "x_dot"):
        np.testing.assert_allclose(got[entry], want[entry], rtol=1e-12, atol=1e-13, strict=True)
    for entry, each in want["theta"].items():
        np.testing.assert_allclose(got["theta"][entry], each, rtol=1e-12, atol=1e-13, err_msg=entry)


@every_velocity
def test_tangent_is_a_difference_quotient(name, rng):
    """Of the value alone, in a judge that shares no Jacobian. Kills: a Jacobian wrong in both texts."""
    z, z_dot, t, theta, _, _ = problem(name, SIZES, rng)
    _, f_dot = VELOCITIES[name].jvp(z, z_dot, t, theta)[0]
    h = 1e-5
    for r in range(2):
        ahead, behind = (VELOCITIES[name].value(z + s * h * z_dot[:, r], t, theta) for s in (1, -1))
        np.testing.assert_allclose(f_dot[:, r], (ahead - behind) / (2 * h), atol=1e-8)


def test_sine_at_a_known_point():
    """f = 2 sin z at π/3 with z_dot = 3: f = √3, f_dot = 3; for d_bar = 1: z_bar = −3√3, θ_bar = 3/2. Kills: the sign
    of z_bar."""
    z, z_dot = np.full((1, 1), np.pi / 3), np.full((1, 1, 1), 3.0)
    (f, f_dot), pullback = VELOCITIES["theta_sin"].jvp(z, z_dot, np.zeros(()), {"theta": np.array([2.0])})
    grads = pullback(np.zeros((1, 1)), np.ones((1, 1, 1)))
    got = [f[0, 0], f_dot[0, 0, 0], grads["z"][0, 0], grads["theta"]["theta"][0], grads["z_dot"][0, 0, 0]]
    np.testing.assert_allclose(got, [3**0.5, 3, -3 * 3**0.5, 1.5, 1], rtol=1e-14)


def test_a_field_without_a_tangent_says_so():
    mine = Field("mine", ("z", "t"), lambda z, t, theta: z, lambda z, t, theta: (z, None))
    with pytest.raises(ArgumentError, match="must have a tangent, got one without jvp; give Field"):
        mine.jvp(np.zeros((1, 1)), np.zeros((1, 1, 1)), np.zeros(()), {})


def frugal(field):
    """The same field, or bijection, with pullbacks that return what they are asked for and nothing else."""

    def only(made):
        value, pullback = made
        return value, lambda *bars, wrt: {entry: pullback(*bars, wrt=wrt)[entry] for entry in wrt}

    if isinstance(field, Bijection):
        return replace(field, forward=lambda *args: only(field.forward(*args)),
                       inverse=lambda *args: only(field.inverse(*args)))
    return replace(field, vjp=lambda *args: only(field.vjp(*args)), jvp=lambda *args: only(field.jvp(*args)))


@pytest.mark.parametrize("name", [name for name, ref in CATALOGUE.items() if any(x.field for x in map(
    ref.args.get, ref.options)) and ref.differentiable])
def test_a_field_need_not_return_what_was_not_asked_for(name):
    """Every reference of a field, for every choice of gradients. Kills: reading a cotangent that nobody wanted."""
    ref = CATALOGUE[name]
    case = draw(ref, 3, sizes=SQUARE)
    given = case.arguments() | case.options
    option = next(each for each in ref.options if ref.args[each].field)
    field = ref.args[option].known[case.options[option]]
    for chosen in (each for n in range(1, len(ref.wrt) + 1) for each in combinations(ref.wrt, n)):
        _, pullback = ref.vjp(**given | {option: frugal(field)})
        grads = pullback(*case.cotangents(), wrt=chosen)
        want = ref.vjp(**given)[1](*case.cotangents(), wrt=chosen)
        got, want = flatten(grads), flatten(want)
        assert got.keys() == want.keys() and all(np.array_equal(got[entry], want[entry]) for entry in want)
