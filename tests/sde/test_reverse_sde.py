"""A process run backwards, and those with its laws."""

import autograd.numpy as anp
import numpy as np
import pytest

from refdgm.sde.reverse_sde import equivalent_sde, reverse_sde
from refdgm.testing import check

from ..kit import verify

TestReverseSde = verify(reverse_sde)
TestEquivalentSde = verify(equivalent_sde)

SCALES = np.array([1e-200, 0.5, 1.0, 1.5, 2.0])
both_ways = pytest.mark.parametrize(("ref", "way"), [(reverse_sde, -1), (equivalent_sde, 1)])


def mixture(x):
    """p, p' and p'' of 0.3 N(−1, 0.25) + 0.7 N(0.5, 0.64)."""
    found = np.zeros((3, *x.shape))
    for weight, mean, std in ((0.3, -1.0, 0.5), (0.7, 0.5, 0.8)):
        z = (x - mean) / std
        part = weight * np.exp(-(z**2) / 2) / (std * np.sqrt(2 * np.pi))
        found += np.array([part, -part * z / std, part * (z**2 - 1) / std**2])
    return found


class TestLaws:
    @both_ways
    def test_the_moments_of_a_gaussian_move_as_before(self, ref, way):
        """Under f = a x and g the law N(m, v) has m' = a m, v' = 2 a v + g². The new drift is affine, α + γ x: it must
        have α + γ m = a m, and 2 γ v ± n² = v', minus where the time runs backwards. Kills: every wrong power and
        factor of g and λ, the sign of one equation in the other, noise that nothing pays for."""
        a, g, m, v = -0.75, 1.25, 0.5, 0.4
        probes = np.array([[0.0, 1.0]] * 5)
        drift, noise = ref(a * probes, (m - probes) / v, np.full(5, g), SCALES)
        start, slope = drift[:, 0], drift[:, 1] - drift[:, 0]
        np.testing.assert_allclose(start + slope * m, a * m, rtol=1e-13)
        np.testing.assert_allclose(2 * slope * v + way * noise**2, 2 * a * v + g**2, rtol=1e-13)
        np.testing.assert_allclose(noise, SCALES * g, rtol=1e-15)

    @both_ways
    def test_the_density_of_a_mixture_moves_as_before(self, ref, way):
        """−(b p)' ± ½ n² p'' = −(f p)' + ½ g² p'' for a drift that is not linear, the derivative by differences.
        Kills: what is right for Gaussian laws and linear drifts alone."""
        x, g, h = np.linspace(-2, 2, 9), 1.3, 1e-3
        f = lambda x: np.sin(2 * x) - x**2 / 3
        _, _, bent = mixture(x)

        def rate(flux):
            return (8 * (flux(x + h) - flux(x - h)) - flux(x + 2 * h) + flux(x - 2 * h)) / (12 * h)

        want = -rate(lambda x: f(x) * mixture(x)[0]) + g**2 / 2 * bent
        for scale in (0.5, 1.0, 1.7):
            def flux(x, scale=scale):
                p, slope, _ = mixture(x)
                return ref(f(x)[:, None], (slope / p)[:, None], np.full(9, g), np.full(9, scale)).drift[:, 0] * p

            np.testing.assert_allclose(-rate(flux) + way * (scale * g) ** 2 / 2 * bent, want, rtol=1e-8, atol=1e-9)

    def test_the_members_that_have_names(self, rng):
        """Anderson's f − g² s and g; the process itself; the flow f − ½ g² s, of both. Kills: λ = 1 and 0 exchanged."""
        f, s, g = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), rng.normal(size=5)
        g2, ones, hardly = (g**2)[:, None], np.ones(5), np.full(5, 1e-200)
        anderson, itself = reverse_sde(f, s, g, ones), equivalent_sde(f, s, g, ones)
        np.testing.assert_allclose(anderson.drift, f - g2 * s, rtol=1e-13, atol=1e-14)
        np.testing.assert_array_equal(itself.drift, f)
        np.testing.assert_array_equal(anderson.diffusion, g)
        np.testing.assert_array_equal(itself.diffusion, g)
        for flow in (reverse_sde(f, s, g, hardly), equivalent_sde(f, s, g, hardly)):
            np.testing.assert_allclose(flow.drift, f - g2 / 2 * s, rtol=1e-13, atol=1e-14)

    def test_the_reversal_of_any_is_a_reversal(self, rng):
        """Anderson's reversal of the equivalent with λ, b − n² s, is the reversal with λ. Kills: a wrong λ in one."""
        f, s, g = rng.normal(size=(5, 2, 3)), rng.normal(size=(5, 2, 3)), rng.normal(size=5)
        forth, back = equivalent_sde(f, s, g, SCALES), reverse_sde(f, s, g, SCALES)
        paid = (forth.diffusion**2)[:, None, None] * s
        np.testing.assert_allclose(back.drift, forth.drift - paid, rtol=1e-12, atol=1e-13)

    def test_gradients_by_hand(self):
        """Powers of two: s = (2, 4), g = ½, λ = 2, b_bar = (1, −2): ⟨b_bar, s⟩ = −6, n_bar = 3. g_bar = −5·½·(−6) + 2·3
        and 3·½·(−6) + 6; λ_bar = ∓½·(−6) + 3/2. Kills: λ_bar of the noise or of the drift alone, g_bar without λ n_bar,
        halves."""
        args = np.zeros((1, 2)), np.array([[2.0, 4.0]]), np.array([0.5]), np.array([2.0])
        for ref, score, g, scale in ((reverse_sde, [[-0.625, 1.25]], 21.0, 4.5),
                                     (equivalent_sde, [[0.375, -0.75]], -3.0, -1.5)):
            grads = ref.vjp(*args)[1](np.array([[1.0, -2.0]]), np.array([3.0]))
            np.testing.assert_array_equal(grads["drift"], [[1, -2]])
            np.testing.assert_array_equal(grads["score"], score)
            np.testing.assert_array_equal(grads["diffusion"], [g])
            np.testing.assert_array_equal(grads["noise_scale"], [scale])


def test_nearly_the_process_itself():
    """1 − λ² of λ = 1 + 1e-7 in float32: as a difference of squares it would have two digits."""
    scale = np.full(1, 1 + 2.0**-22, np.float32)
    zero, one = np.zeros((1, 1), np.float32), np.ones((1, 1), np.float32)
    got = equivalent_sde(zero, one, np.ones(1, np.float32), scale).drift
    np.testing.assert_allclose(got, 2.0**-22 + 2.0**-45, rtol=2e-7)


@pytest.mark.parametrize(("name", "sign"), [("reverse_sde", 1), ("equivalent_sde", -1)])
def test_the_square_in_place_of_the_scale(name, sign):
    """½ (1 ± α) g² s and √α g are recognised as what they are, and a wrong α beside them is found."""
    def made(drift, score, diffusion, alpha, of_noise=0.5):
        g2 = anp.reshape((1 + sign * alpha) / 2 * diffusion**2, (-1,) + (1,) * (drift.ndim - 1))
        return drift - g2 * score, alpha**of_noise * diffusion

    taken = {"drift": "drift", "score": "score", "diffusion": "diffusion", "noise_scale": "alpha"}
    found = check(made, name, framework="autograd", arguments=taken, seed=1)
    assert found.convention == "α = λ² in place of λ"
    with pytest.raises(AssertionError, match=f"{name}: differs"):
        check(lambda *args: made(*args, of_noise=0.49), name, framework="autograd", arguments=list(taken), seed=1,
              convention=found.convention)


def test_a_convention_turns_the_result_and_not_the_argument_of_its_name():
    """In τ = T − t the drift that comes out has the other sign, f goes in as it was. Kills: a map of both, under which
    the planted +½ (1 + λ²) g² s passes and the right one does not."""
    def of_tau(sign):
        def reversed_in_tau(drift, score, diffusion, noise_scale):
            size = (-1,) + (1,) * (drift.ndim - 1)
            square = anp.reshape((1 + noise_scale**2) * diffusion**2 / 2, size)
            return sign * drift + square * score, noise_scale * diffusion
        return reversed_in_tau

    turned = "the drift of τ = T − t, which increases"
    for declared in ({"convention": turned}, {}):
        assert check(of_tau(-1), "reverse_sde", framework="autograd", **declared).verdict == "agrees"
        with pytest.raises(AssertionError, match="reverse_sde: differs"):
            check(of_tau(1), "reverse_sde", framework="autograd", **declared)
    assert check(of_tau(-1), "reverse_sde", framework="autograd").convention == turned
