"""Energies as Fields: what takes a score takes one of these."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from refdgm import ArgumentError, implicit_score_matching, langevin_chain
from refdgm.energy.energy_score import energy_score
from refdgm.energy.field import ENERGIES
from refdgm.evidence.nets.fields import Field
from refdgm.evidence.sde.langevin import definition as langevin

every_energy = pytest.mark.parametrize("name", ENERGIES)


def drawn(rng, layout, hidden=(5, 4)):
    return {entry: rng.normal(size=shape) for entry, shape in layout.shapes(3, 3, hidden).items()}


@every_energy
def test_the_field_is_the_score(name, rng):
    """And its pullback that of the score alone, whatever is asked for. Kills: the energy's own gradient."""
    field, x, bar = ENERGIES[name], rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    theta = drawn(rng, field.layout)
    assert theta["W3"].shape == (1, 4)
    field.validate(x, theta)
    (_, s), pullback = energy_score.vjp(x, theta, activation=name.removeprefix("energy_"))
    np.testing.assert_array_equal(field.value(x, theta), s)
    got, want = field.vjp(x, theta)[1](bar), pullback(score_bar=bar)
    np.testing.assert_array_equal(got["x"], want["x"])
    np.testing.assert_array_equal(field.vjp(x, theta)[1](bar, wrt=("x",))["x"], want["x"])
    for entry, grad in want["theta"].items():
        np.testing.assert_array_equal(got["theta"][entry], grad)


@every_energy
def test_gradients_through_a_chain(name, rng):
    """Three Langevin steps down an energy, against definitions alone, differentiated by autograd. Kills: a pullback
    without the Hessian, θ_bar of one step."""
    x, eps, bar = rng.normal(size=(4, 3)), rng.normal(size=(4, 3, 3)), rng.normal(size=(4, 3))
    field = ENERGIES[name]
    theta = drawn(rng, field.layout)
    text = Field(anp, name, timed=False)
    end, pullback = langevin_chain.vjp(x, eps, 0.25, theta, score=field)
    walked = lambda x, step, theta: langevin.langevin_chain(anp, x, eps, step, theta, score=text)
    np.testing.assert_allclose(end, walked(x, 0.25, theta), rtol=1e-12)
    want = autograd.grad(lambda every: anp.sum(bar * walked(*every)))((x, 0.25, theta))
    grads = pullback(bar)
    np.testing.assert_allclose(grads["x"], want[0], rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(grads["step"], want[1], rtol=1e-11)
    for entry, grad in want[2].items():
        np.testing.assert_allclose(grads["theta"][entry], grad, rtol=1e-11, atol=1e-13)
    assert not np.any(grads["theta"]["b3"])


def test_where_a_tangent_is_needed_it_is_refused(rng):
    field = ENERGIES["energy_tanh"]
    with pytest.raises(ArgumentError, match="must have a tangent, got one without jvp"):
        implicit_score_matching(rng.normal(size=(2, 3)), drawn(rng, field.layout), score=field)
