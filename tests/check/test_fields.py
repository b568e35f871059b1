"""The networks that a candidate receives: finite with their derivatives, wherever their own weights may lead."""

from importlib import import_module

import numpy as np
import pytest

from refdgm.check.candidates.fields import as_function
from refdgm.energy.field import ENERGIES
from refdgm.nets.field import NETWORKS, SCORES, VELOCITIES

FIELDS = [field for known in (SCORES, VELOCITIES, ENERGIES) for field in known.values()] + [NETWORKS["mlp_relu"]]
FAR = {
    "float32": [-150.0, -89.0, -20.0, 0.0, 20.0, 89.0, 100.0, 150.0],
    "float64": [-1000.0, -150.0, -20.0, 0.0, 20.0, 100.0, 150.0, 1000.0],
}


def through(field, framework, array):
    """The field of one component, with layers that hand it through: what is seen is the activation."""
    function, velocity = as_function(field, framework), field.args != ("x",)
    one, zero = array([[1.0]]), array([0.0])
    if field.name == "linear":
        theta = {"A": one, "b": zero}
    elif field.name == "theta_sin":
        theta = {"theta": array(1.0)}
    else:
        theta = {"W1": array([[1.0, 0.0]]) if velocity else one, "b1": zero, "W2": one, "b2": zero}
    time = (array(0.5),) if velocity else ()
    return lambda a: function(a[:, None], *time, theta)[:, 0]


@pytest.mark.parametrize("dtype", FAR)
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.name} of {len(field.args)}")
class TestFiniteDerivatives:
    @pytest.mark.needs("torch")
    def test_torch(self, field, dtype):
        import torch

        kind = getattr(torch, dtype)
        a = torch.tensor(FAR[dtype], dtype=kind, requires_grad=True)
        y = through(field, "torch", lambda u: torch.tensor(u, dtype=kind))(a)
        for _ in range(3):
            (y,) = torch.autograd.grad((y + 0 * a).sum(), a, create_graph=True)
            assert torch.isfinite(y).all()

    @pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
    @pytest.mark.needs("torch")
    def test_torch_forward(self, field, dtype):
        import torch

        kind = getattr(torch, dtype)
        a = torch.tensor(FAR[dtype], dtype=kind)
        y = through(field, "torch", lambda u: torch.tensor(u, dtype=kind))
        for _ in range(3):
            y = lambda a, y=y: torch.func.jvp(y, (a,), (torch.ones_like(a),))[1]
            assert torch.isfinite(y(a)).all()

    @pytest.mark.needs("jax")
    def test_jax(self, field, dtype):
        import jax

        jax.config.update("jax_enable_x64", True)
        y = through(field, "jax", lambda u: jax.numpy.asarray(u, dtype=dtype))
        for _ in range(3):
            y = jax.grad(lambda a, y=y: y(a).sum())
            assert jax.numpy.isfinite(y(jax.numpy.asarray(FAR[dtype], dtype=dtype))).all()

    def test_autograd(self, field, dtype):
        from autograd import elementwise_grad

        y = through(field, "autograd", lambda u: np.asarray(u, dtype=dtype))
        with np.errstate(over="ignore"):
            for _ in range(3):
                y = elementwise_grad(lambda a, y=y: y(a) + 0 * a)
                assert np.isfinite(y(np.asarray(FAR[dtype], dtype=dtype))).all()


@pytest.mark.needs("torch", "jax")
@pytest.mark.parametrize("dtype, digits", [("float32", 5), ("float64", 13)])
@pytest.mark.parametrize("name", ["mlp_tanh", "mlp_softplus", "mlp_silu", *ENERGIES])
def test_all_frameworks_receive_the_same_network(name, dtype, digits):
    a = np.linspace(-30, 30, 241) if name in SCORES else np.linspace(-2, 2, 241)  # φ' as 1 − φ² has no tail
    field = (SCORES | ENERGIES)[name]
    right = through(field, "autograd", np.asarray)(a)
    for framework in ("torch", "jax"):
        there = import_module(framework)
        if framework == "jax":
            there.config.update("jax_enable_x64", True)
            there = there.numpy
        kind = getattr(there, dtype)
        y = through(field, framework, lambda u, there=there, kind=kind: there.asarray(u, dtype=kind))
        np.testing.assert_allclose(np.asarray(y(there.asarray(a, dtype=kind))), right, rtol=10.0**-digits,
                                   atol=0 if name in SCORES else 10.0**-digits)  # the slope of silu has a zero
