"""What a candidate receives for a bijection is that bijection, in both directions, with its derivative."""

import numpy as np
import pytest

from refdgm.check.candidates.bijections import as_functions
from refdgm.flow.bijection import BIJECTIONS


def asked(bijection, way, rng):
    """A point, θ, and cotangents of image and log-determinant, with the right answers."""
    theta = {name: rng.normal(size=shape) for name, shape in bijection.layout.shapes(3, 3, (4,)).items()}
    point, bars = rng.normal(size=(5, 3)), (rng.normal(size=(5, 3)), rng.normal(size=5))
    answers, pullback = getattr(bijection, way)(point, theta)
    return point, theta, bars, answers, pullback(*bars)


def compared(got, grads, right, of):
    for mine, theirs in zip(got, right, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(grads.pop("x"), of["x"], rtol=1e-11, atol=1e-11)
    for name, g in grads.items():
        np.testing.assert_allclose(g, of["theta"][name], rtol=1e-11, atol=1e-11, err_msg=name)


@pytest.mark.parametrize("way", ["forward", "inverse"])
@pytest.mark.parametrize("name", BIJECTIONS)
class TestReceived:
    @pytest.mark.needs("torch")
    def test_torch(self, name, way, rng):
        import torch

        point, theta, bars, right, of = asked(BIJECTIONS[name], way, rng)
        moving = {"x": point} | theta
        moving = {n: torch.tensor(x, requires_grad=True) for n, x in moving.items()}
        got = getattr(as_functions(BIJECTIONS[name], "torch"), way)(moving["x"], {n: moving[n] for n in theta})
        total = sum((torch.tensor(bar) * y).sum() for bar, y in zip(bars, got, strict=True))
        found = torch.autograd.grad(total, list(moving.values()))
        grads = {n: g.numpy() for n, g in zip(moving, found, strict=True)}
        compared([y.detach().numpy() for y in got], grads, right, of)

    @pytest.mark.needs("jax")
    def test_jax(self, name, way, rng):
        import jax

        with jax.enable_x64(True):
            point, theta, bars, right, of = asked(BIJECTIONS[name], way, rng)
            function = getattr(as_functions(BIJECTIONS[name], "jax"), way)
            arrays = {n: jax.numpy.asarray(x) for n, x in ({"x": point} | theta).items()}
            got, back = jax.vjp(lambda moving: function(moving["x"], {n: moving[n] for n in theta}), arrays)
            (grads,) = back(tuple(map(jax.numpy.asarray, bars)))
            compared(got, dict(grads), right, of)

    def test_by_hand(self, name, way, rng):
        point, theta, bars, right, of = asked(BIJECTIONS[name], way, rng)
        received = as_functions(BIJECTIONS[name], "numpy")
        got, pullback = getattr(received, f"{way}_vjp")(point, theta)
        grads = pullback(*bars)
        compared(getattr(received, way)(point, theta), {"x": grads["x"]} | grads["theta"], right, of)
        compared(got, {"x": grads["x"]}, right, of)
