"""The density of a relaxed draw: temperatures, corners of the simplex, impossible categories."""

import numpy as np

from .rows import answers, drawn, finite, row

DENSITY, OTHERWISE = ("concrete_log_density",), "it is no density on the simplex"


@row("density at temperatures", "τ from 1e-300 to 1e300, in both dtypes; two categories against the logistic density",
     DENSITY, OTHERWISE)
def density_at_temperatures(ref):
    for dtype, taus in ((np.float64, (1e-300, 1e-8, 1.0, 1e8, 1e300)), (np.float32, (1e-30, 1e-8, 1.0, 1e8, 1e30))):
        arguments, _, bars = drawn(ref, dtype=np.dtype(dtype).name)
        for tau in taus:
            finite(answers(ref, arguments | {"tau": np.asarray(tau, dtype)}, {}, bars))
            x = np.array([0.125, 0.5, 0.75], dtype)
            pair = np.stack([x, 1 - x], axis=1), np.broadcast_to(np.asarray([0.5, -0.25], dtype), (3, 2)).copy()
            wide = x.astype(np.float64)
            u = np.float64(dtype(tau)) * np.log(wide / (1 - wide)) - 0.75
            want = np.log(np.float64(dtype(tau))) - np.logaddexp(0, u) - np.logaddexp(0, -u) - np.log(wide - wide**2)
            np.testing.assert_allclose(ref(*pair, dtype(tau)), want, rtol=32 * np.finfo(dtype).eps)


@row("corners", "entries of the smallest numbers, logits of ±1e4", DENSITY, OTHERWISE)
def corners(ref):
    for dtype, small in ((np.float64, 1e-300), (np.float32, 1e-36)):
        c = np.array([[1.0, small, small], [small, 0.5, 0.5], [1.0, 2.0**-20, small]], dtype)
        for size in (1.0, 1e4):
            logits = size * np.array([[1.0, -1.0, 0.5], [-1.0, 1.0, 0.0], [0.0, 0.0, -1.0]], dtype)
            for tau in (1e-4, 0.5, 30.0):
                arguments = {"c": c, "logits": logits, "tau": np.asarray(tau, dtype)}
                finite(answers(ref, arguments, {}, (np.ones(3, dtype),)))


@row("density of impossible categories", "a logit of −∞: log p = −∞, its gradients are their finite limits", DENSITY,
     OTHERWISE)
def impossible(ref):
    arguments, _, bars = drawn(ref)
    for tau in (1e-8, 0.5, 1e300):
        logits = arguments["logits"].copy()
        logits[1, [0, 3]] = -np.inf
        spoiled = arguments | {"logits": logits, "tau": np.asarray(tau)}
        with np.errstate(over="ignore"):
            got = answers(ref, spoiled, {}, bars)
            logits = np.maximum(logits, -1e308)
            near = answers(ref, spoiled | {"logits": logits}, {}, bars)
        assert got["output.value"][1] == -np.inf and np.isfinite(np.delete(got["output.value"], 1)).all()
        for name, x in got.items():
            if name.startswith("gradient."):
                np.testing.assert_allclose(x, near[name], rtol=1e-13, err_msg=name)


@row("an impossible category at high temperatures", "τ = 1e306, c = 1e-300 where ℓ = −∞: τ log c overflows there",
     DENSITY, OTHERWISE)
def impossible_and_hot(ref):
    c, logits = np.array([[1e-300, 0.25, 0.75]]), np.array([[-np.inf, 0.0, 1.0]])
    with np.errstate(over="ignore"):  # τ ℓ_bar / c is beyond the range where c is 1e-300
        value, pullback = ref.vjp(c, logits, 1e306)
        grads = pullback(np.ones(1))
    assert value == -np.inf
    np.testing.assert_allclose(grads["logits"], [[1, -2, 1]], rtol=1e-15)  # w = (0, 1, 0): the smaller c
    np.testing.assert_allclose(grads["tau"], 2 * np.log(0.25) - np.log(0.75) - np.log(1e-300), rtol=1e-14)


@row("relaxed lookups", "one-hot shares read huge codes exactly; shares of 0 and of the smallest numbers",
     ("relaxed_codebook",), "it looks up no code by shares")
def relaxed_lookups(ref):
    for dtype, huge, small in ((np.float64, 1e300, 5e-324), (np.float32, 1e38, 1e-45)):
        codes = np.array([[huge, -huge], [1.0, -0.5], [0.0, 0.0]], dtype)
        z, pullback = ref.vjp(np.eye(3, dtype=dtype), codes)
        np.testing.assert_array_equal(z, codes)
        np.testing.assert_array_equal(pullback(np.ones((3, 2), dtype))["codebook"], np.ones((3, 2)))
        even = np.full((3, 2), 2.0, dtype)
        np.testing.assert_array_equal(ref(np.full((1, 3), small, dtype), even), np.full((1, 2), 6 * dtype(small)))
