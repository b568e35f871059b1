"""The adaptive driver: its error, its steps, what it refuses, and that its derivative is that of the grid."""

import numpy as np
import pytest
from scipy.special import erf

from refdgm import ArgumentError, DTypeError
from refdgm.nets.field import VELOCITIES, Field
from refdgm.ode.adaptive import odeint_adaptive
from refdgm.ode.dormand_prince import dopri5_steps
from refdgm.testing.cases import flatten

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
        """ż = t³ is integrated exactly by both rows of weights: the estimate is zero and the steps grow fivefold."""
        cubic = own("cubic", lambda z, t: np.ones_like(z) * t**3)
        found = odeint_adaptive(np.zeros((1, 1)), 1.0, 3.0, NO_THETA, velocity=cubic, **TIGHT)
        np.testing.assert_allclose(found.value, [[20.0]], rtol=1e-12)
        assert len(found.times) <= 8 and found.rejected == 0


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
        """ż = θ sin z: z̄₀, θ̄, and of times the ends ±⟨λ, f⟩, the inner ones nothing, within the tolerance."""
        z0, rate, bar = np.array([[0.4, 1.9]]), np.array([0.9, -0.6]), np.array([[1.3, -0.7]])
        found = odeint_adaptive(z0, 0.3, 2.3, {"theta": rate}, velocity="theta_sin", rtol=1e-10, atol=1e-10)
        z1 = 2 * np.arctan(np.tan(z0 / 2) * np.exp(2 * rate))
        grads, end = found.pullback(bar), np.sum(bar * rate * np.sin(z1))
        np.testing.assert_allclose(found.value, z1, rtol=1e-8)
        np.testing.assert_allclose(grads["z0"], bar * np.sin(z1) / np.sin(z0), rtol=1e-7)
        np.testing.assert_allclose(grads["theta"]["theta"], 2 * np.sum(bar * np.sin(z1), axis=0), rtol=1e-7)
        np.testing.assert_allclose(grads["times"], [-end, *[0] * (len(found.times) - 2), end], atol=1e-7)


class TestLanes:
    def test_float32_and_torch(self):
        """The dtype of z0 throughout, and the same grid up to its rounding on another library."""
        torch = pytest.importorskip("torch")
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

    @pytest.mark.parametrize("z0", [Z0, np.zeros((0, 2))], ids=["no time", "no examples"])
    def test_nothing_to_do(self, z0):
        found = odeint_adaptive(z0, 0.5, 0.5 if len(z0) else 1.5, ROTATION, velocity="linear", **TIGHT)
        np.testing.assert_array_equal(found.value, z0)
        assert len(found.times) == 2 and not np.any(found.pullback(z0)["theta"]["A"])

    def test_one_number_is_read_an_attempt(self, monkeypatch):
        """Kills: reading t, h or the state on the way. Three more are read for the first step."""
        from refdgm.ode import adaptive

        read, plain = [], adaptive.largest
        monkeypatch.setattr(adaptive, "largest", lambda *args: read.append(1) or plain(*args))
        found = odeint_adaptive(Z0, 0.0, 5.0, ROTATION, velocity="linear", **TIGHT)
        assert len(read) == 3 + len(found.times) - 1 + found.rejected


class TestRefusals:
    def refused(self, match, error=ArgumentError, z0=Z0, t0=0.0, t1=1.0, theta=ROTATION, **options):
        with np.errstate(all="ignore"), pytest.raises(error, match=match):
            odeint_adaptive(z0, t0, t1, theta, **{"velocity": "linear", **TIGHT, **options})

    def test_tolerances_and_times(self):
        self.refused("rtol must be positive and finite, got 0", rtol=0)
        self.refused("atol must be positive and finite, got nan", atol=np.nan)
        self.refused("rtol must be at least .* use a wider dtype", rtol=1e-15)
        self.refused("t1 must be finite, got inf", t1=np.inf)
        self.refused("t0 must be finite, got nan", t0=np.nan)
        self.refused("most_steps must be a whole number", most_steps=0)

    def test_structure_is_that_of_the_reference(self):
        self.refused("theta must have the entries A, b", theta={"A": ROTATION["A"]})
        self.refused("velocity must be a Field", velocity="no such")
        self.refused("z0 must have shape", z0=Z0[0])
        self.refused("z0 must be float32, float64", DTypeError, z0=Z0.astype(np.int64))

    def test_a_singularity_is_told(self):
        """ż = z² from 1 is infinite at t = 1."""
        square = own("square", lambda z, t: z * z)
        self.refused("velocity must be smooth, got a step of .* at t = (0.99999|1.00000)", z0=np.ones((1, 1)), t1=2.0,
                     theta=NO_THETA, velocity=square)

    def test_a_stiff_equation_is_told(self):
        """ż = −10⁶ (z − cos t): steps of 3·10⁻⁶ for ever, by stability alone."""
        stiff = own("stiff", lambda z, t: -1e6 * (z - np.cos(t)))
        self.refused("most_steps must be larger, .*a stiff equation needs an implicit method", z0=np.zeros((1, 1)),
                     theta=NO_THETA, velocity=stiff, most_steps=500)

    def test_a_velocity_that_is_no_number_is_told(self):
        nowhere = own("nowhere", lambda z, t: z * np.nan)
        later = own("later", lambda z, t: z * (np.nan if t > 0.5 else 1.0))
        self.refused("velocity must be finite at the start", theta=NO_THETA, velocity=nowhere)
        self.refused("velocity must be smooth, got a step of .* at t = 0.49999", theta=NO_THETA, velocity=later)
