"""Candidates written in JAX: values, gradients, fields, discrete outputs, and what is wrong with them."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("jax")

RIGHT = """
    import jax
    import jax.numpy as jnp

    def gumbel_max(logits, gumbel):
        return jnp.argmax(logits + gumbel, axis=-1)

    def gumbel_softmax(logits, gumbel, tau):
        return jax.nn.softmax((logits + gumbel) / tau)

    def straight_through_gumbel_softmax(logits, gumbel, tau):
        y = gumbel_softmax(logits, gumbel, tau)
        hard = jax.nn.one_hot(jnp.argmax(logits + gumbel, axis=-1), logits.shape[-1], dtype=y.dtype)
        return y + jax.lax.stop_gradient(hard - y)

    @jax.jit
    def gaussian_kl(mean, logvar):
        return jnp.sum(mean**2 + jnp.exp(logvar) - 1 - logvar, axis=-1) / 2

    def implicit_score_matching(x, theta, *, score):
        def one(x):
            jacobian = jax.jacfwd(lambda x: score(x[None], theta)[0])(x)
            return jnp.sum(score(x[None], theta) ** 2) / 2 + jnp.trace(jacobian)

        return jax.vmap(one)(x)

    def odeint(z0, t0, t1, theta, *, velocity, method, steps):
        h = (t1 - t0) / steps
        for n in range(steps):
            t = t0 + n * h
            k1 = velocity(z0, t, theta)
            if method == "euler":
                z0 = z0 + h * k1
            elif method == "heun":
                z0 = z0 + h / 2 * (k1 + velocity(z0 + h * k1, t + h, theta))
            elif method == "midpoint":
                z0 = z0 + h * velocity(z0 + h / 2 * k1, t + h / 2, theta)
            else:
                k2 = velocity(z0 + h / 2 * k1, t + h / 2, theta)
                k3 = velocity(z0 + h / 2 * k2, t + h / 2, theta)
                z0 = z0 + h / 6 * (k1 + 2 * k2 + 2 * k3 + velocity(z0 + h * k3, t + h, theta))
        return z0
"""
NAMES = ("gumbel_max", "gumbel_softmax", "straight_through_gumbel_softmax", "gaussian_kl", "implicit_score_matching",
         "odeint")
KEPT = Path(__file__).parents[2] / ".pytest_cache" / "jax"


@pytest.fixture(autouse=True)
def _compiled_once(monkeypatch):
    """XLA compiles every operation for every shape; what it made serves the other tests, and the next run."""
    monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", str(KEPT))
    monkeypatch.setenv("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
    monkeypatch.setenv("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")


@pytest.mark.parametrize(("dtype", "names", "more"), [
    ("float64", NAMES[:4], ()), ("float64", NAMES[4:5], ("--shape", "B=3,D=2,hidden=5")),
    pytest.param("float32", NAMES[:4], (), marks=pytest.mark.long),
    pytest.param("float64", NAMES[5:], ("--shape", "B=3,D=2,hidden=5"), marks=pytest.mark.long),
    pytest.param("float64", NAMES[4:], (), marks=pytest.mark.long),  # a minute of compiling
])
def test_right_ones_pass(refdgm_check, dtype, names, more):
    run = refdgm_check(RIGHT, "--dtype", dtype, "--select", ",".join(names), *more)
    assert run.code == 0, run.text + run.errors
    assert {run.verdict(name) for name in names} <= {"agrees", "loses digits"}
    assert "jax" in run.text.splitlines()[0]


@pytest.mark.parametrize(("right", "wrong", "name"), [
    ("hard - y)", "hard) - y", "straight_through_gumbel_softmax"),
    ("(logits + gumbel) / tau", "logits + gumbel / tau", "gumbel_softmax"),
])
def test_wrong_ones_differ(refdgm_check, right, wrong, name):
    assert right in RIGHT
    run = refdgm_check(RIGHT.replace(right, wrong), "--select", name)
    assert run.code == 1 and run.verdict(name) == "differs", run.text


def test_what_raises_is_an_error(refdgm_check):
    broken = RIGHT.replace("jnp.sum(mean**2", "float(mean[0, 0]) + jnp.sum(mean**2")
    run = refdgm_check(broken, "--select", "gaussian_kl")
    assert run.code == 3 and run.verdict("gaussian_kl") == "error"
    assert "ConcretizationTypeError" in run.text or "abstract" in run.text.lower()
