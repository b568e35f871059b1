"""Variational autoencoders and their likelihoods: draws of every scale, probabilities of zero and one."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import drawn, finite, row

DRAW = ("gaussian_reparameterization",)
NO_DRAW = "it draws no Gaussian"


@row("draws of every scale", "log σ² of ±700 and ±2000, noise that brings σ back into range, and noise of zero", DRAW,
     NO_DRAW)
def draws_of_every_scale(ref):
    one = np.ones((1, 1))
    for logvar in (700.0, -700.0, 2000.0, -2000.0):
        eps = np.exp(-logvar / 6) * one  # with σ = e^{λ/2}: e^{λ/3}
        with np.errstate(over="raise", invalid="raise"):
            z, pullback = ref.vjp(0 * one, logvar * one, eps)
            g = pullback(one)
        np.testing.assert_allclose(z, np.exp(logvar / 3), rtol=1e-12)
        np.testing.assert_allclose(g["logvar"], np.exp(logvar / 3) / 2, rtol=1e-12)
    for logvar in (0.0, 1e4, -1e4, 1e300, -1e300):
        with np.errstate(over="raise", invalid="raise"):
            z, pullback = ref.vjp(3 * one, logvar * one, 0 * one)
            g = pullback(one)
        assert z == 3 and g["mean"] == 1 and g["logvar"] == 0


@row("draws without a law", "log σ² of ±∞ or NaN, noise of ±∞", DRAW, NO_DRAW)
def draws_without_a_law(ref):
    arguments, _, _ = drawn(ref)
    for name in ("logvar", "eps"):
        for value in (np.inf, -np.inf):
            x = arguments[name].copy()
            x[1, 2] = value
            refused(ref, ArgumentError, f"{name} must be finite, got", *(arguments | {name: x}).values())


@row("sure decoders", "logits of ±1e4 and ±1e300: exactly 0 where they are right, −|l| where wrong, in both dtypes",
     ("bernoulli_log_likelihood",), "it asks no logits of choices")
def sure_decoders(ref):
    for dtype, size in ((np.float64, 1e4), (np.float64, 1e300), (np.float32, 1e4), (np.float32, 1e38)):
        logits = np.asarray([[size], [size], [-size], [-size]], dtype)
        x = np.asarray([[1], [0], [1], [0]], dtype)
        with np.errstate(over="raise", invalid="raise"):
            value, pullback = ref.vjp(logits, x)
            g = pullback(np.ones(4, dtype))
        np.testing.assert_array_equal(value, np.asarray([0, -size, -size, 0], dtype))
        np.testing.assert_array_equal(g["logits"][:, 0], [0, -1, 1, 0])
        np.testing.assert_array_equal(g["x"], logits)
        grey = ref(logits, np.full_like(x, 0.5))
        np.testing.assert_array_equal(grey, np.full(4, -size / 2, dtype))
    for value in (np.inf, -np.inf, np.nan):
        for name in ("logits", "x"):
            if name == "x" or value == value:
                arguments = {"logits": np.zeros((1, 2)), "x": np.zeros((1, 2))}
                refused(ref, ArgumentError, f"{name} must be", *(arguments | {name: np.array([[0, value]])}).values())


@row("encoders far from their data", "log σ² of ±80 and −600, β of 1e-300, no draw at all: finite, or refused",
     ("elbo",), "it has no encoder")
def far_encoders(ref):
    for likelihood in ("gaussian", "bernoulli"):
        for logvar in (80.0, -80.0, -600.0):
            phi = {"A": np.zeros((2, 1)), "b": np.array([0.5, logvar])}
            theta = {"A": np.array([[np.exp(-logvar / 2)]]), "b": np.zeros(1)}
            options = {"encoder": "linear", "decoder": "linear", "likelihood": likelihood}
            for beta in (1.0, 1e-300):
                with np.errstate(over="raise", invalid="raise"):
                    value, pullback = ref.vjp(np.ones((2, 1)), np.ones((2, 3, 1)), beta, phi, theta, **options)
                    grads = pullback(np.ones(2))
                finite({"value": value, "x": grads["x"], **grads["phi"], **grads["theta"]})
    arguments, options, _ = drawn(ref)
    none = arguments | {"eps": arguments["eps"][:, :0]}
    assert "a mean over none is no number" in refused(ref, ArgumentError, "elbo needs at least one draw, got R = 0",
                                                      *none.values(), **options)
    for beta in (0.0, -1.0, np.inf):
        refused(ref, ArgumentError, "beta must be positive and finite", *(arguments | {"beta": beta}).values(),
                **options)


@row("lossless codes", "data that come back to the last bit, of every size: J and every gradient exactly 0",
     ("autoencoder_loss",), "it brings no data back")
def lossless_codes(ref):
    swap, none = np.array([[0.0, 1.0], [1.0, 0.0]]), np.zeros(2)
    for size in (0.0, 5e-324, 1e-150, 1.0, 1e300):
        x = np.array([[size, -size], [size, 0.0]])
        value, pullback = ref.vjp(x, {"A": swap, "b": none}, {"A": swap, "b": none}, encoder="linear", decoder="linear")
        g = pullback(np.ones(2))
        assert not np.any(value) and not np.any(g["x"])
        assert not any(np.any(entry) for part in (g["phi"], g["theta"]) for entry in part.values())
        linear = {"A": np.zeros((2, 2)), "b": none}
        with np.errstate(over="ignore", under="ignore"):
            value = ref(x, linear, linear, encoder="linear", decoder="linear")
        np.testing.assert_array_equal(value, [np.inf if size > 1e200 else size * size, np.inf if size > 1e200 else
                                              size * (size / 2)])


@row("weights far apart", "draws whose weights differ by e^1e4: the best alone, no NaN; no draw is refused",
     ("importance_weighted_bound",), "it weighs no draws")
def weights_far_apart(ref):
    theta = {"A": np.array([[200.0]]), "b": np.zeros(1)}
    phi, eps = {"A": np.zeros((2, 1)), "b": np.zeros(2)}, np.array([[[0.0], [1.0], [-1.0]]])
    options = {"encoder": "linear", "decoder": "linear", "likelihood": "gaussian"}
    with np.errstate(over="raise", invalid="raise"):
        value, pullback = ref.vjp(np.zeros((1, 1)), eps, phi, theta, **options)
        grads = pullback(np.ones(1))
    np.testing.assert_allclose(value, [-np.log(2 * np.pi) / 2 - np.log(3)], rtol=1e-15)
    np.testing.assert_array_equal(grads["theta"]["A"], [[0.0]])
    np.testing.assert_array_equal(grads["phi"]["b"], [0.0, 0.5])
    said = refused(ref, ArgumentError, "importance_weighted_bound needs at least one draw, got R = 0",
                   np.zeros((1, 1)), eps[:, :0], phi, theta, **options)
    assert "a mean over none is no number" in said


@row("priors far from their encoder", "log σ² of the prior ±600 and of the encoder ±80, means that meet or are 1e100 "
     "apart: finite; no draw is refused", ("conditional_elbo",), "it has no prior that sees a condition")
def far_priors(ref):
    options = {"encoder": "linear", "decoder": "linear", "prior": "linear"}
    theta, x, y, eps = {"A": np.zeros((1, 2)), "b": np.zeros(1)}, np.ones((2, 1)), np.ones((2, 1)), np.ones((2, 3, 1))
    for likelihood in ("gaussian", "bernoulli"):
        for mean, logvar, logvar_p in ((0.0, 80.0, 80.0), (0.0, -80.0, -80.0), (0.0, -600.0, 0.0), (0.0, 600.0, 600.0),
                                       (0.0, -600.0, -600.0), (1e100, 0.0, 600.0), (0.0, 80.0, 600.0)):
            phi = {"A": np.zeros((2, 2)), "b": np.array([0.5, logvar])}
            psi = {"A": np.zeros((2, 1)), "b": np.array([0.5 + mean, logvar_p])}
            with np.errstate(over="raise", invalid="raise"):
                value, pullback = ref.vjp(x, y, eps, phi, theta, psi, **options, likelihood=likelihood)
                grads = pullback(np.ones(2))
            finite({"value": value, "x": grads["x"], "y": grads["y"], **grads["phi"], **grads["psi"]})
            if mean == 0 and logvar == logvar_p:
                np.testing.assert_array_equal(grads["psi"]["b"], [0.0, 0.0])
    arguments, options, _ = drawn(ref)
    none = arguments | {"eps": arguments["eps"][:, :0]}
    said = refused(ref, ArgumentError, "conditional_elbo needs at least one draw, got R = 0", *none.values(), **options)
    assert "a mean over none is no number" in said


@row("codes of every size", "codes and latents of 1e±140, ties, no position; no code and what is not finite are "
     "refused", ("vq_vae_elbo",), "it has no codes")
def codes_of_every_size(ref):
    theta = {"A": np.ones((1, 2)), "b": np.zeros(1)}
    for likelihood in ("gaussian", "bernoulli"):
        options = {"decoder": "linear", "likelihood": likelihood}
        for size in (1e140, 1.0, 1e-140):
            codebook, z = size * np.array([[1.0], [-1.0], [3.0]]), size * np.array([[[2.5], [0.0]], [[1.0], [-9.0]]])
            with np.errstate(over="raise", invalid="raise"):
                value, pullback = ref.vjp(np.ones((2, 1)), z, codebook, theta, **options)
                grads = pullback(np.ones(2))
            finite({"value": value, "x": grads["x"], "codebook": grads["codebook"], **grads["theta"]})
            q = np.array([[3.0, 1.0], [1.0, -1.0]]) * size  # half-way between the first two, the first of them
            alike = ref(np.ones((2, 1)), q[:, :, None], codebook, theta, **options)
            np.testing.assert_array_equal(value, alike)
        none = {"A": np.zeros((1, 0)), "b": np.zeros(1)}
        value, pullback = ref.vjp(np.zeros((2, 1)), np.zeros((2, 0, 1)), codebook, none, **options)
        np.testing.assert_array_equal(value, np.full(2, -np.log(2 * np.pi) / 2 if likelihood == "gaussian" else
                                                     -np.log(2)))
        np.testing.assert_array_equal(pullback(np.ones(2))["codebook"], 0 * codebook)
    arguments, options, _ = drawn(ref)
    for name in ("z", "codebook"):
        for value in (np.inf, -np.inf, np.nan):
            x = arguments[name].copy()
            x[..., 1] = value
            refused(ref, ArgumentError, f"{name} must be", *(arguments | {name: x}).values(), **options)
    refused(ref, ArgumentError, "vq_vae_elbo needs at least one category",
            *(arguments | {"codebook": arguments["codebook"][:0]}).values(), **options)
