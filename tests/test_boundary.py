"""What is refused before any computation, and how it is said. `tests/stress` asks it of every reference."""

import numpy as np
import pytest

import refdgm
from refdgm import ArgumentError, DeviceError, DTypeError, Field
from refdgm.boundary.structure import accept

from .refusal import refused, well_said

B, K = 4, 3
rng = np.random.Generator(np.random.Philox(key=1))
LOGITS, GUMBEL, TAU = rng.normal(size=(B, K)), rng.normal(size=(B, K)), np.asarray(0.5)
X, THETA = rng.normal(size=(B, K)), {"W1": np.ones((2, K)), "b1": np.ones(2), "W2": np.ones((K, 2)), "b2": np.ones(K)}
ODE = {"velocity": "linear", "method": "rk4", "steps": 2}
AFFINE = {"A": np.eye(K), "b": np.ones(K)}


@pytest.mark.parametrize(
    ("args", "options", "sentence"),
    [
        ((LOGITS, GUMBEL, 0.0), {}, "tau must be positive and finite, got 0.0; for the limit τ → 0 use gumbel_max"),
        ((LOGITS, GUMBEL, np.asarray(-1.0)), {},
         "tau must be positive and finite, got -1.0; for the limit τ → 0 use gumbel_max"),
        ((LOGITS, GUMBEL, np.inf), {}, "tau must be positive and finite, got inf; choose another number"),
        ((LOGITS, GUMBEL, np.asarray(np.nan)), {}, "tau must be positive and finite, got nan; choose another number"),
        ((LOGITS, GUMBEL, "0.5"), {},
         "tau must be a number or an array (NumPy, CuPy, torch, array-api-strict), got a str; convert it"),
        ((LOGITS, GUMBEL, None), {},
         "tau must be a number or an array (NumPy, CuPy, torch, array-api-strict), got None; convert it"),
        ((LOGITS.astype(int), GUMBEL, TAU), {},
         "logits must be one of float32, float64, float16, bfloat16, got int64; cast explicitly"),
        ((LOGITS, GUMBEL[:, :2], TAU), {},
         "gumbel must have shape (B, K) with K = 3, got (4, 2); nothing is broadcast, pass arrays of one K"),
        ((LOGITS, GUMBEL[0], TAU), {},
         "gumbel must have shape (B, K), got (3,); nothing is broadcast, reshape it"),
        ((LOGITS, GUMBEL, TAU), {"axis": 0}, "gumbel_softmax has no argument 'axis'; it takes logits, gumbel, tau"),
        ((LOGITS, GUMBEL), {}, "tau is missing; gumbel_softmax takes logits, gumbel, tau"),
        ((LOGITS, GUMBEL, TAU), {"tau": TAU}, "tau was given twice, by position and by name; give it once"),
        ((LOGITS, GUMBEL, TAU, 1), {},
         "gumbel_softmax takes logits, gumbel, tau by position, got 4; pass these alone"),
        ((LOGITS, 1.5, TAU), {},
         "gumbel must be an array, got the number 1.5; only arguments without axes take numbers"),
        ((LOGITS.tolist(), GUMBEL, TAU), {},
         "logits must be an array (NumPy, CuPy, torch, array-api-strict), got a list; convert it"),
    ],
)
def test_one_sentence(args, options, sentence):
    with pytest.raises((ArgumentError, DTypeError)) as caught:
        refdgm.gumbel_softmax(*args, **options)
    assert str(caught.value) == sentence
    well_said(sentence, sentence.split(" ")[0])


def test_what_is_missing_is_told_with_what_is_allowed():
    for options, sentence in (
        ({"velocity": "linear", "steps": 2}, "method is missing; give one of euler, heun, midpoint, rk4"),
        ({"velocity": "linear", "method": "rk4"}, "steps is missing; give a whole number of at least 1"),
        ({"method": "rk4", "steps": 2}, "velocity is missing; give one of mlp_tanh, mlp_softplus, mlp_silu, linear, "
                                        "theta_sin or a Field"),
    ):
        assert refused(refdgm.odeint, ArgumentError, sentence, X, 0.0, 1.0, AFFINE, **options) == sentence
    assert "; velocity, method, steps are keywords" in refused(
        refdgm.odeint, ArgumentError, "odeint takes ", X, 0.0, 1.0, AFFINE, "linear", **ODE)
    said = refused(refdgm.linear_schedule, ArgumentError, "linear_schedule takes ", 1e-4, 0.02, 10)
    assert said.endswith("by position, got 3; steps is a keyword")


def test_a_way_out_of_a_number_that_fits_it():
    """What an argument says of the end of its support is no way out of NaN, nor of the other end."""
    said = {x: refused(refdgm.classifier_free_guidance, ArgumentError, "gamma ", X, X, x) for x in (np.inf, np.nan)}
    assert said[np.inf].endswith("; for γ → ∞ use eps_cond − eps_uncond")
    assert said[np.nan].endswith("; choose another number")
    with pytest.raises(ArgumentError, match=r"got 1\.0 at \[1\]; choose other numbers"):
        refdgm.alpha_products(np.asarray([0.5, 1.0]))
    with pytest.raises(ArgumentError, match=r"got inf at \[1\]; choose other numbers"):
        refdgm.dopri5_steps(X, np.asarray([0.5, np.inf]), AFFINE, velocity="linear")
    with pytest.raises(ArgumentError, match=r"got inf at \[0, 0\]; clean or leave out such examples"):
        refdgm.gaussian_kl(X, np.full_like(X, np.inf))


@pytest.mark.parametrize("check", ["no", 0, 1, None, np.True_])
def test_check_values_is_true_or_false(check):
    for tau in (TAU, 0.5, TAU):  # the second time it is remembered
        with pytest.raises(ArgumentError) as caught:
            refdgm.gumbel_softmax(LOGITS, GUMBEL, tau, check_values=check)
        well_said(str(caught.value), "check_values must be True or False, got ")


def test_a_grid_has_a_point():
    said = refused(refdgm.dopri5_steps, ArgumentError, "dopri5_steps needs at least one time, got T = 0", X,
                   np.ones(0), AFFINE, velocity="linear")
    assert said.endswith("; a grid of one point is the identity")
    np.testing.assert_array_equal(refdgm.dopri5_steps(X, np.ones(1), AFFINE, velocity="linear"), X)


def test_the_element_is_told():
    bad = GUMBEL.copy()
    bad[2, 1] = -np.inf
    assert "got -inf at [2, 1]; " in refused(refdgm.gumbel_softmax, ArgumentError, "gumbel ", LOGITS, bad, TAU)
    bad = LOGITS.copy()
    bad[3] = -np.inf
    assert "row [3]" in refused(refdgm.gumbel_softmax, ArgumentError, "logits ", bad, GUMBEL, TAU)


@pytest.mark.parametrize("tau", [0.0, -1.0, np.nan, np.inf, 0, -0.0, 10**400], ids=lambda t: f"{t}"[:6])
def test_a_temperature_is_positive_and_finite(tau):
    refused(refdgm.gumbel_softmax, ArgumentError, "tau ", LOGITS, GUMBEL, tau)
    if tau != 10**400:  # no array holds that
        refused(refdgm.gumbel_softmax, ArgumentError, "tau ", LOGITS, GUMBEL, np.asarray(tau, np.float64))


def test_a_number_is_judged_as_the_dtype_holds_it():
    single = [x.astype(np.float32) for x in (LOGITS, GUMBEL)]
    said = refused(refdgm.gumbel_softmax, ArgumentError, "tau ", *single, 1e-50)
    assert "got 1e-50 (in this dtype 0.0); " in said
    assert "(in this dtype inf)" in refused(refdgm.gumbel_softmax, ArgumentError, "tau ", *single, 1e300)
    assert np.isfinite(refdgm.gumbel_softmax(*single, 1e-45)).all()  # a subnormal float32
    half = [x.astype(np.float16) for x in (LOGITS, GUMBEL)]
    assert np.isfinite(refdgm.gumbel_softmax(*half, 1e6)).all()  # float16 ends at 65504, the computation does not


def test_check_values_skips_arrays_but_not_numbers():
    bad = np.full_like(LOGITS, -np.inf)
    with np.errstate(invalid="ignore"):
        assert np.isnan(refdgm.gumbel_softmax(bad, GUMBEL, TAU, check_values=False)).all()
    with pytest.raises(ArgumentError, match="tau must be positive"):
        refdgm.gumbel_softmax(LOGITS, GUMBEL, 0.0, check_values=False)
    with pytest.raises(ArgumentError, match="gumbel must have shape"):
        refdgm.gumbel_softmax(LOGITS, GUMBEL[0], TAU, check_values=False)


def test_values_are_judged_anew_when_the_structure_is_remembered():
    refdgm.gumbel_softmax(LOGITS, GUMBEL, 0.5)
    refused(refdgm.gumbel_softmax, ArgumentError, "tau ", LOGITS, GUMBEL, 0.0)
    refused(refdgm.gumbel_softmax, ArgumentError, "logits ", np.full_like(LOGITS, np.inf), GUMBEL, 0.5)


def test_device_arrays_are_read_by_validate_alone():
    """The fake device of array-api-strict stands for a GPU."""
    import array_api_strict as strict

    far = [strict.asarray(x, device=strict.Device("device1")) for x in (LOGITS * np.nan, GUMBEL, TAU)]
    near = [strict.asarray(x) for x in (LOGITS * np.nan, GUMBEL, TAU)]
    refdgm.gumbel_max(*far[:2])
    with pytest.raises(ArgumentError, match="NaN"):
        refdgm.gumbel_max.validate(*far[:2])
    with pytest.raises(ArgumentError, match="NaN"):
        refdgm.gumbel_max(*near[:2])


@pytest.mark.needs("torch")
def test_no_element_of_a_device_array_is_read(monkeypatch):
    import torch

    meta = [torch.empty(x.shape, dtype=torch.float64, device="meta") for x in (LOGITS, GUMBEL, TAU)]
    assert refdgm.gumbel_softmax(*meta).shape == (B, K)
    assert refdgm.gumbel_softmax(*meta[:2], 0.5).device.type == "meta"


@pytest.mark.parametrize("steps", [True, 2.0, np.int64(2), "2", 0, -1, None])
def test_steps_is_an_int_even_when_its_equal_is_remembered(steps):
    args = (X, 0.0, 1.0, AFFINE)
    for n in (1, 2):
        refdgm.odeint(*args, **ODE | {"steps": n})  # True == 1 and 2.0 == 2 have the same hash
    refused(refdgm.odeint, ArgumentError, "steps ", *args, **ODE | {"steps": steps})


@pytest.mark.parametrize("option", [{"method": "dopri5"}, {"method": 1}, {"velocity": "mlp_relu"}, {"velocity": None}])
def test_options_are_from_closed_lists(option):
    (name,) = option
    refused(refdgm.odeint, ArgumentError, f"{name} ", X, 0.0, 1.0, AFFINE, **ODE | option)


def test_a_field_of_other_arguments_is_refused():
    said = refused(refdgm.implicit_score_matching, ArgumentError, "score ", X, AFFINE,
                   score=refdgm.nets.field.VELOCITIES["linear"])
    assert "must be a Field of (x), got one of (z, t); " in said


def test_a_field_of_ones_own_is_taken_and_its_parameters_are_its_business():
    mine = Field("mine", ("z", "t"), lambda z, t, theta: z * theta["a"],
                 lambda z, t, theta: (z * theta["a"], lambda f_bar, wrt: {
                     "z": f_bar * theta["a"], "t": np.zeros_like(t), "theta": {"a": np.sum(f_bar * z)}}))
    for _ in range(2):
        z = refdgm.odeint(X, 0.0, 1.0, {"a": np.asarray(2.0)}, velocity=mine, method="euler", steps=1)
        np.testing.assert_allclose(z, 3 * X)


@pytest.mark.parametrize(
    ("theta", "label", "error"),
    [
        (THETA | {"W1": np.ones((K, 2))}, "theta.W1 must have shape (2, 3), got (3, 2)", ArgumentError),
        ({n: x for n, x in THETA.items() if n != "b2"},
         "theta must have the entries W1, b1, W2, b2, got W1, b1, W2; add b2", ArgumentError),
        ({n: x for n, x in THETA.items() if n != "W2"},
         "theta must have the entries W1, b1, W2, b2, got W1, b1, b2; add W2", ArgumentError),
        (THETA | {"W4": np.ones(1)}, "theta must have the entries W1, b1, W2, b2, got W1, b1, W2, b2, W4; remove W4",
         ArgumentError),
        (THETA | {"b1": 1.0}, "theta.b1 must be an array, got the number", DTypeError),
        (THETA | {"b1": np.ones(2, np.float32)}, "theta.b1 must have the dtype of x, float64, got float32", DTypeError),
        (list(THETA.values()), "theta must be a flat dict of arrays by name, got a list", DTypeError),
        ({}, "theta must be a flat dict of arrays by name, got an empty dict; ", DTypeError),
        ({1: THETA["W1"]}, "theta must be a flat dict of arrays by name, got keys that are no names; ", DTypeError),
        (THETA | {1: np.ones(1)}, "theta must be a flat dict of arrays by name, got keys that are no names; ",
         DTypeError),
    ],
)
def test_parameters(theta, label, error):
    refused(refdgm.mlp, error, label, X, theta, activation="tanh")


@pytest.mark.needs("torch")
def test_homes():
    import torch

    said = refused(refdgm.gumbel_softmax, DeviceError, "gumbel ", LOGITS, torch.asarray(GUMBEL), TAU)
    assert "the same library as logits, numpy.ndarray, got torch.Tensor" in said
    said = refused(refdgm.gumbel_softmax, DeviceError, "gumbel ", torch.asarray(LOGITS),
                   torch.empty((B, K), dtype=torch.float64, device="meta"), 0.5)
    assert "the device of logits, cpu, got meta" in said


def test_cotangents():
    _, pullback = refdgm.gumbel_softmax.vjp(LOGITS, GUMBEL, TAU)
    for bar, error in ((LOGITS[:1], ArgumentError), (LOGITS.astype(np.float32), DTypeError), (1.0, DTypeError),
                       (LOGITS.tolist(), DTypeError), (LOGITS.astype(">f8"), DTypeError)):
        with pytest.raises(error) as caught:
            pullback(bar)
        well_said(str(caught.value), "value_bar ")
    for bars, named in (((), {}), ((LOGITS, LOGITS), {}), ((LOGITS,), {"value_bar": LOGITS}), ((), {"y_bar": LOGITS})):
        with pytest.raises(ArgumentError, match=r"pullback of gumbel_softmax takes value_bar, got .*; pass it once$"):
            pullback(*bars, **named)
    _, both = refdgm.alpha_products.vjp(np.asarray([0.5]))
    with pytest.raises(ArgumentError) as caught:
        both(X, alpha_prod_bar=X)
    assert str(caught.value) == ("the pullback of alpha_products takes alpha_prod_bar, one_minus_bar, got 1 by "
                                 "position and alpha_prod_bar by name; pass each once, at least one")
    with pytest.raises(ArgumentError, match="wrt must be among logits, tau, got gumbel; "):
        pullback(LOGITS, wrt="gumbel")


def test_a_numpy_scalar_is_a_cotangent_of_its_0d_output():
    """0-d results of NumPy are scalars; an array of the same kind is as good."""
    for bar in (np.ones(B), np.broadcast_to(np.float64(1.0), (B,))):
        _, pullback = refdgm.gaussian_kl.vjp(X, X)
        np.testing.assert_array_equal(pullback(bar)["mean"], X)


def test_what_has_no_derivative_says_so():
    with pytest.raises(TypeError, match=r"gumbel_max has no derivative.*; call it instead"):
        refdgm.gumbel_max.vjp(LOGITS, GUMBEL)
    with pytest.raises(TypeError, match=r"gumbel_softmax is not an objective: use \.vjp"):
        refdgm.gumbel_softmax.value_and_grad(LOGITS, GUMBEL, TAU)


@pytest.mark.parametrize("what", ["empty", "wrt", "shape", "value"])
def test_refusals_come_before_any_computation(what, monkeypatch):
    ref = refdgm.gaussian_kl

    def never(*args):
        raise AssertionError("the body ran")

    monkeypatch.setattr(ref, "body", never)
    args, more = {"empty": ((X[:0], X[:0]), {}), "wrt": ((X, X), {"wrt": "z"}), "shape": ((X, X[1:]), {}),
                  "value": ((X, X * np.inf), {})}[what]
    with pytest.raises(ArgumentError) as caught:
        ref.value_and_grad(*args, **more)
    label = {"empty": "gaussian_kl.value_and_grad", "wrt": "wrt"}.get(what, "logvar")
    well_said(str(caught.value), label)


def test_structures_are_judged_once_and_forgotten_by_the_thousand(monkeypatch):
    ref, judged = refdgm.gaussian_kl, []
    monkeypatch.setattr(ref, "_accepted", {})
    monkeypatch.setattr("refdgm.boundary.structure.accept", lambda *a: judged.append(1) or accept(*a))
    monkeypatch.setattr("refdgm.reference.REMEMBERED", 3)
    for n in (1, 2, 3, 1, 2, 3):
        ref(X[:n], X[:n])
    assert len(judged) == 3
    ref(X[:4], X[:4])
    assert len(judged) == 4 and len(ref._accepted) == 1
    ref(X[:4], logvar=X[:4])  # by name it is the same structure
    ref(logvar=X[:4], mean=X[:4])
    assert len(judged) == 4 and len(ref._accepted) == 1
    for bad in ("x", None):
        with pytest.raises(DTypeError):
            ref(X, bad)
    assert len(ref._accepted) == 1, "what is refused must not be remembered"
