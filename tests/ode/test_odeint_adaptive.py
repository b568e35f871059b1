"""The adaptive driver: its error, its steps, what it refuses, and that its derivative is that of the grid."""

import numpy as np
import pytest
from scipy.special import erf

from refdgm import ArgumentError, DTypeError
from refdgm.cases import flatten
from refdgm.nets.field import VELOCITIES, Field
from refdgm.ode import odeint_adaptive as adaptive
from refdgm.ode.dopri5_steps import dopri5_steps
from refdgm.ode.odeint_adaptive import odeint_adaptive
from refdgm.ode.step_size import Tolerance

ROTATION = {"A": np.array([[0.0, -1.0], [1.0, 0.0]]), "b": np.zeros(2)}
Z0 = np.array([[1.0, 0.0], [0.5, -2.0], [3.0, 4.0]])
TIGHT = {"rtol": 1e-8, "atol": 1e-8}


def turned(z, angle):
    c, s = np.cos(angle), np.sin(angle)
    return z @ np.array([[c, -s], [s, c]]).T


def own(name, value):
    """A velocity without parameters or derivative, for solves alone."""
    return Field(name, ("z", "t"), lambda z, t, theta: value(z, t), lambda z, t, theta: (value(z, t), None))


NO_THETA = {"none": np.zeros(1)}


class TestError:
    @pytest.mark.parametrize("span", [(0.0, 20.0), (3.0, -5.0)], ids=["forwards", "backwards"])
    @pytest.mark.parametrize("tolerance", [1e-4, 1e-7, 1e-10])
    def test_is_of_the_order_of_the_tolerance(self, span, tolerance):
        """A rotation by many radians: the error stays within a hundred tolerances a unit of time, and the steps have
        the tolerance that was asked for, not a thousandth of it. Kills: |h|, an estimate without h, ε unscaled.
        """
        found = odeint_adaptive(Z0, *span, ROTATION, velocity="linear", rtol=tolerance, atol=tolerance)
        error = np.max(np.abs(found.value - turned(Z0, span[1] - span[0])))
        assert error < 100 * tolerance * abs(span[1] - span[0])
        assert error > tolerance / 100
        assert np.all(np.diff(found.times) * np.sign(span[1] - span[0]) > 0)
        assert (found.times[0], found.times[-1]) == span

    def test_steps_grow_with_the_fifth_root(self):
        """A thousandth of the tolerance takes 1000^{1/5} = 3.98 times the steps. Kills: another exponent in (3)."""
        counts = [len(odeint_adaptive(Z0, 0.0, 200.0, ROTATION, velocity="linear", rtol=r, atol=r).times)
                  for r in (1e-6, 1e-9)]
        assert counts[1] / counts[0] == pytest.approx(1000 ** (1 / 5), rel=0.1)

    def test_steps_are_short_where_they_must_be(self):
        """A velocity with a bump, exp(−(10(t − 1))²): steps shrink for it and recover. Kills: one that never does."""
        bump = own("bump", lambda z, t: np.ones_like(z) * np.exp(-((10 * (t - 1)) ** 2)))
        found = odeint_adaptive(np.zeros((1, 1)), 0.75, 9.0, NO_THETA, velocity=bump, **TIGHT)
        np.testing.assert_allclose(found.value, [[np.sqrt(np.pi) / 20 * (1 + erf(2.5))]], rtol=1e-6)
        steps, middles = np.diff(found.times), (found.times[1:] + found.times[:-1]) / 2
        near = np.abs(middles - 1) < 0.2
        assert np.max(steps[near]) < np.max(steps[~near]) / 5

    def test_the_hardest_example_sets_the_steps(self):
        """A fast rotation beside many that stand still. Kills: a mean over the batch, which would forget it."""
        alone = np.array([[3.0, 4.0]])
        crowd = np.concatenate([alone, np.zeros((999, 2))])
        one, all_of_them = (odeint_adaptive(z, 0.0, 10.0, ROTATION, velocity="linear", **TIGHT) for z in (alone, crowd))
        np.testing.assert_array_equal(one.times, all_of_them.times)
        assert np.max(np.abs(one.value - turned(alone, 10.0))) < 1e-6

    def test_a_polynomial_takes_few_steps(self):
        """z_dot = t³ is integrated exactly by both rows of weights: the estimate is zero and the steps grow
        fivefold."""
        cubic = own("cubic", lambda z, t: np.ones_like(z) * t**3)
        found = odeint_adaptive(np.zeros((1, 1)), 1.0, 3.0, NO_THETA, velocity=cubic, **TIGHT)
        np.testing.assert_allclose(found.value, [[20.0]], rtol=1e-12)
        assert len(found.times) <= 8 and found.rejected == 0


# Dormand and Prince's table as it is printed, the weights of order four apart
HAT = np.array([5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40])
ROWS = ([], [1 / 5], [3 / 40, 9 / 40], [44 / 45, -56 / 15, 32 / 9],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84])
NODES = (0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1)


def pair(f, z, t, h):
    """The solution of order five and its distance from that of order four, by all seven slopes."""
    slopes = []
    for row, c in zip(ROWS, NODES, strict=True):
        slopes.append(f(z + h * sum((q * k for q, k in zip(row, slopes, strict=True)), 0 * z), t + c * h))
    five = np.array([*ROWS[6], 0])
    return z + h * np.tensordot(five, slopes, 1), h * np.tensordot(five - HAT, slopes, 1)


class TestControl:
    @pytest.mark.parametrize("span", [(0.5, 9.0), (9.0, 0.5)], ids=["forwards", "backwards"])
    @pytest.mark.parametrize("rtol, atol", [(1e-3, 1e-9), (1e-9, 1e-4), (3e-6, 2e-7)])
    def test_every_step_is_the_one_that_the_error_before_it_allows(self, span, rtol, atol):
        """ε of every accepted step from the difference of the two printed solutions, the step after it from ε, on an
        equation that looks at the time and has states of several sizes. Kills: rtol and atol exchanged, |z_n| alone
        in w, 0.8 for 0.9, an ε above 1 accepted, the slope of the step before in the wrong place, c₇ ≠ 1."""
        def f(z, t):
            return np.stack([-z[:, 1] * (1 + t / 10), z[:, 0] + np.cos(t)], axis=1)

        z = np.array([[2.0, 0.0], [0.125, -30.0]])
        found = odeint_adaptive(z, *span, NO_THETA, velocity=own("driven", f), rtol=rtol, atol=atol)
        steps, checked = np.diff(found.times), 0
        for n, (t, h) in enumerate(zip(found.times[:-1], steps, strict=True)):
            after, error = pair(f, z, t, h)
            ratio = np.max(np.abs(error) / (atol + rtol * np.maximum(np.abs(z), np.abs(after))))
            assert ratio < 1 + 1e-6
            z = after
            if n < len(steps) - 3:
                allowed = abs(h) * min(5, max(1 / 5, 0.9 * max(ratio, 1e-9) ** (-1 / 5)))
                assert abs(steps[n + 1]) < allowed * (1 + 1e-5)  # it may have been rejected and made shorter
                checked += abs(steps[n + 1]) > allowed * (1 - 1e-5)
        assert checked >= len(steps) - 4 - 2 * found.rejected and checked > 5
        np.testing.assert_allclose(found.value, z, rtol=1e-12)

    def test_a_linear_equation_in_other_units_takes_the_same_steps(self):
        """State and atol times 2²⁰: the same grid, bit for bit. Kills: w = rtol + atol |z|, a tolerance in the first
        step that is not that of the others."""
        options = {"velocity": "linear", "rtol": 1e-5}
        one = odeint_adaptive(Z0, 0.0, 9.0, ROTATION, atol=1e-7, **options)
        other = odeint_adaptive(2.0**20 * Z0, 0.0, 9.0, ROTATION, atol=2.0**20 * 1e-7, **options)
        np.testing.assert_array_equal(one.times, other.times)
        np.testing.assert_array_equal(2.0**20 * one.value, other.value)


    def test_the_first_step_is_that_of_the_book(self):
        """d₀ = max|z/w|, d₁ = max|f/w|, d₂ = max|Δf/w|/h₀ with h₀ = d₀/100d₁; h = (1/100 max(d₁, d₂))^{1/5}, at most
        100 h₀. For z_dot = 8 times a quarter turn. Kills: the slope itself for its change, another root, d₁ alone."""
        rotation, r = {"A": 8 * ROTATION["A"], "b": np.zeros(2)}, 1e-6
        found = odeint_adaptive(Z0, 0.0, 9.0, rotation, velocity="linear", rtol=r, atol=r)
        w, f0 = r + r * np.abs(Z0), Z0 @ rotation["A"].T
        d0, d1 = np.max(np.abs(Z0) / w), np.max(np.abs(f0) / w)
        h0 = d0 / d1 / 100
        d2 = np.max(np.abs((Z0 + h0 * f0) @ rotation["A"].T - f0) / w) / h0
        want = (1 / (100 * max(d1, d2))) ** (1 / 5)
        assert d2 > 2 * d1 and want < 50 * h0
        np.testing.assert_allclose(found.times[1], want, rtol=1e-12)

    def test_after_a_rejection_no_step_is_longer(self, monkeypatch):
        """Over a bump. Kills: growth from an error that a step already too long has made small by chance."""
        attempts, plain = [], adaptive.attempt
        monkeypatch.setattr(adaptive, "attempt", lambda f, z, t, after, *rest: attempts.append(
            (float(t), float(after))) or plain(f, z, t, after, *rest))
        bump = own("bump", lambda z, t: np.ones_like(z) * np.exp(-((10 * (t - 1)) ** 2)))
        odeint_adaptive(np.zeros((1, 1)), 0.75, 9.0, NO_THETA, velocity=bump, **TIGHT)
        again = [n for n in range(1, len(attempts) - 1) if attempts[n - 1][0] == attempts[n][0] < attempts[n + 1][0]]
        lengths = [after - t for t, after in attempts]
        assert len(again) > 2 and all(lengths[n + 1] <= lengths[n] * (1 + 1e-12) for n in again)

    @pytest.mark.parametrize("end", np.linspace(3.0, 4.0, 9))
    def test_the_last_step_is_no_crumb(self, end):
        """What is left is halved where a whole step would leave little. Kills: a last step as short as it happens."""
        steps = np.diff(odeint_adaptive(Z0, 0.0, end, ROTATION, velocity="linear", **TIGHT).times)
        assert steps[-1] > 0.4 * steps[-2]


class TestDerivative:
    @pytest.mark.parametrize("velocity", VELOCITIES)
    def test_is_that_of_the_grid(self, velocity, rng):
        """The pullback and the value of dopri5_steps on `times`, bit for bit. Kills: another grid or derivative."""
        layout = VELOCITIES[velocity].layout
        theta = {name: rng.normal(size=shape) / 2 for name, shape in layout.shapes(2, 2, (4,)).items()}
        found = odeint_adaptive(Z0, 0.25, 1.5, theta, velocity=velocity, rtol=1e-6, atol=1e-6)
        value, pullback = dopri5_steps.vjp(Z0, found.times, theta, velocity=velocity)
        np.testing.assert_array_equal(found.value, value)
        bar = rng.normal(size=Z0.shape)
        got, want = flatten(found.pullback(bar)), flatten(pullback(bar))
        assert got.keys() == want.keys() and all(np.array_equal(got[name], want[name]) for name in got)
        assert list(found.pullback(bar, wrt="z0")) == ["z0"]

    def test_tends_to_that_of_the_flow(self):
        """z_dot = θ sin z: z_bar₀, θ_bar, and of times the ends ±⟨λ, f⟩, the inner ones nothing, within the
        tolerance."""
        z0, rate, bar = np.array([[0.4, 1.9]]), np.array([0.9, -0.6]), np.array([[1.3, -0.7]])
        found = odeint_adaptive(z0, 0.3, 2.3, {"theta": rate}, velocity="theta_sin", rtol=1e-10, atol=1e-10)
        z1 = 2 * np.arctan(np.tan(z0 / 2) * np.exp(2 * rate))
        grads, end = found.pullback(bar), np.sum(bar * rate * np.sin(z1))
        np.testing.assert_allclose(found.value, z1, rtol=1e-8)
        np.testing.assert_allclose(grads["z0"], bar * np.sin(z1) / np.sin(z0), rtol=1e-7)
        np.testing.assert_allclose(grads["theta"]["theta"], 2 * np.sum(bar * np.sin(z1), axis=0), rtol=1e-7)
        np.testing.assert_allclose(grads["times"], [-end, *[0] * (len(found.times) - 2), end], atol=1e-7)


class TestLanes:
    @pytest.mark.needs("torch")
    def test_float32_and_torch(self):
        """The dtype of z0 throughout, and the same grid up to its rounding on another library."""
        import torch

        plain = odeint_adaptive(Z0, 0.0, 2.0, ROTATION, velocity="linear", rtol=1e-4, atol=1e-4)
        low = {name: x.astype(np.float32) for name, x in ROTATION.items()}
        single = odeint_adaptive(Z0.astype(np.float32), 0.0, 2.0, low, velocity="linear", rtol=1e-4, atol=1e-4)
        assert single.value.dtype == single.times.dtype == np.float32
        np.testing.assert_allclose(single.value, plain.value, rtol=1e-3, atol=1e-4)
        there = {name: torch.asarray(x) for name, x in ROTATION.items()}
        start = torch.tensor(0.0, dtype=torch.float64)
        other = odeint_adaptive(torch.asarray(Z0), start, 2.0, there, velocity="linear", rtol=1e-4, atol=1e-4)
        assert isinstance(other.value, torch.Tensor)
        np.testing.assert_allclose(other.times.numpy(), plain.times, rtol=1e-12)
        np.testing.assert_allclose(other.value.numpy(), plain.value, rtol=1e-12)

    @pytest.mark.parametrize("span", [(1.0, 1 + 2.0**-50), (1.0, 1 - 2.0**-52), (0.0, 5e-324), (0.0, -1e-310)], ids=str)
    def test_a_span_too_short_to_be_divided_is_one_step(self, span):
        """A smooth velocity is not blamed for it. Kills: a shortest step that is longer than the span, 1/100 of a
        span that is zero."""
        found = odeint_adaptive(Z0, *span, ROTATION, velocity="linear", **TIGHT)
        np.testing.assert_array_equal(found.times, span)
        np.testing.assert_allclose(found.value, Z0 + (span[1] - span[0]) * Z0 @ ROTATION["A"].T, rtol=1e-15)

    def test_a_guess_too_short_for_the_time_is_lengthened(self):
        """At t = 10⁵ the step that the start suggests is below 16 roundings of t; a longer one does. Kills: blaming a
        smooth velocity for the first guess."""
        steady = own("steady", lambda z, t: np.ones_like(z) + 0 * t)
        start = np.zeros((1, 1), dtype=np.float32)
        found = odeint_adaptive(start, 1e5, 1e5 + 8, {"none": np.zeros(1, dtype=np.float32)}, velocity=steady,
                                rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(found.value, [[8.0]], rtol=1e-6)

    @pytest.mark.parametrize("z0", [Z0, np.zeros((0, 2))], ids=["no time", "no examples"])
    def test_nothing_to_do(self, z0):
        found = odeint_adaptive(z0, 0.5, 0.5 if len(z0) else 1.5, ROTATION, velocity="linear", **TIGHT)
        np.testing.assert_array_equal(found.value, z0)
        assert len(found.times) == 2 and not np.any(found.pullback(z0)["theta"]["A"])

    def test_one_number_is_read_an_attempt(self, monkeypatch):
        """Kills: reading t, h or the state on the way. Three more are read for the first step."""
        read, plain = [], Tolerance.largest
        monkeypatch.setattr(Tolerance, "largest", lambda *args: read.append(1) or plain(*args))
        found = odeint_adaptive(Z0, 0.0, 5.0, ROTATION, velocity="linear", **TIGHT)
        assert len(read) == 3 + len(found.times) - 1 + found.rejected


class TestRefusals:
    def refused(self, match, error=ArgumentError, z0=Z0, t0=0.0, t1=1.0, theta=ROTATION, **options):
        with np.errstate(all="ignore"), pytest.raises(error, match=match):
            odeint_adaptive(z0, t0, t1, theta, **{"velocity": "linear", **TIGHT, **options})

    def test_tolerances_and_times(self):
        self.refused("rtol must be from 3.55.*e-15 to .* for float64, got 0.0", rtol=0)
        self.refused("atol must be from .*, got nan", atol=np.nan)
        self.refused("rtol must be from .*, got 1e-15; choose another, or a wider dtype", rtol=1e-15)
        self.refused("t1 must be from .*, got inf", t1=np.inf)
        self.refused("t0 must be from .*, got nan", t0=np.nan)
        self.refused("t1 - t0 must be from .*, got inf", t0=-1e308, t1=1e308)
        self.refused("t1 must be a number or an array without axes, got a list", t1=[1.0])
        self.refused("rtol must be a number or an array without axes, got numpy.ndarray", rtol=np.array([1e-3, 1e-4]))
        self.refused("most_steps must be a whole number", most_steps=0)

    def test_structure_is_that_of_the_reference(self):
        self.refused("theta must have the entries A, b", theta={"A": ROTATION["A"]})
        self.refused("velocity must be a Field", velocity="no such")
        self.refused("z0 must have shape", z0=Z0[0])
        self.refused("z0 must be an array of float32 or float64, got int64", DTypeError, z0=Z0.astype(np.int64))
        self.refused("got float16; convert it: steps are controlled to more digits", DTypeError,
                     z0=Z0.astype(np.float16))
        self.refused("got a list", DTypeError, z0=Z0.tolist())

    def test_what_float32_has_not(self):
        """Each of these would be an infinity or a zero there: 0/0 in (2), a grid without an end."""
        low = {"z0": Z0.astype(np.float32), "theta": {n: x.astype(np.float32) for n, x in ROTATION.items()}}
        self.refused("t1 must be from .* for float32, got 1e[+]300", **low, rtol=1e-4, t1=1e300)
        self.refused("atol must be from 1.17.*e-38 to .* for float32, got 1e-60", **low, rtol=1e-4, atol=1e-60)
        self.refused("rtol must be from 1.9.*e-06 to .* for float32, got 1e-08", **low)

    def test_a_singularity_is_told(self):
        """z_dot = z² from 1 is infinite at t = 1."""
        square = own("square", lambda z, t: z * z)
        self.refused("velocity must be smooth, got a step of .* at t = (0.99999|1.00000)", z0=np.ones((1, 1)), t1=2.0,
                     theta=NO_THETA, velocity=square)

    def test_a_stiff_equation_is_told(self):
        """z_dot = −10⁶ (z − cos t): steps of 3·10⁻⁶ for ever, by stability alone."""
        stiff = own("stiff", lambda z, t: -1e6 * (z - np.cos(t)))
        self.refused("most_steps must be larger, .*a stiff equation needs an implicit method", z0=np.zeros((1, 1)),
                     theta=NO_THETA, velocity=stiff, most_steps=500)

    def test_a_velocity_that_is_no_number_is_told(self):
        nowhere = own("nowhere", lambda z, t: z * np.nan)
        later = own("later", lambda z, t: z * (np.nan if t > 0.5 else 1.0))
        self.refused("z0 and velocity must be finite at the start", theta=NO_THETA, velocity=nowhere)
        for z in (np.nan, np.inf):
            self.refused("z0 and velocity must be finite at the start", z0=np.array([[1.0, z]]))
        self.refused("velocity must be smooth, got a step of .* at t = 0.49999", theta=NO_THETA, velocity=later)
