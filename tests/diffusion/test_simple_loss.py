"""The simple objective."""

import numpy as np
import pytest

from refdgm.cases import draw
from refdgm.check.questions.question import Question, Terms
from refdgm.diffusion.simple_loss import simple_loss

from ..kit import verify

TestSimpleLoss = verify(simple_loss)

ALPHA_PROD = np.array([0.04, 0.36, 0.64, 0.98])
SIGNAL, NOISE = np.sqrt(ALPHA_PROD), np.sqrt(1 - ALPHA_PROD)


class TestLaws:
    def test_a_triangle_of_squares(self):
        """ᾱ = 0.36, x₀ = (1, 0), ε = (0, 1): v = (−0.8, 0.6). Kills: a mean, a half, the wrong target, v's sign."""
        p, x0, eps = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
        losses = [simple_loss(p, x0, eps, np.array([0.36]), target=t)[0] for t in ("eps", "x0", "v")]
        np.testing.assert_allclose(losses, [2.0, 4.0, 1.8**2 + 1.4**2], rtol=1e-14)

    def test_zero_at_the_target_alone(self, rng):
        x0, eps = rng.normal(size=(2, 4, 3))
        for target, y in {"eps": eps, "x0": x0, "v": SIGNAL[:, None] * eps - NOISE[:, None] * x0}.items():
            value, pullback = simple_loss.vjp(y, x0, eps, ALPHA_PROD, target=target)
            assert (value == 0).all() and (pullback(np.ones(4))["prediction"] == 0).all()

    def test_three_objectives_of_one_error(self, rng):
        """One wrong x_hat₀ at fixed x_t, written as ε_hat and v_hat by hand: the losses are in the ratio
        ᾱ/(1 − ᾱ) : 1 : 1/(1 − ᾱ). Kills: targets confused, weights already in the loss, v with a plus."""
        x0, eps, error = rng.normal(size=(3, 4, 3))
        s, n = SIGNAL[:, None], NOISE[:, None]
        xt = s * x0 + n * eps
        wrong = x0 + error
        guess = {"x0": wrong, "eps": (xt - s * wrong) / n, "v": (s * xt - wrong) / n}
        size = np.sum(error**2, axis=1)
        want = {"x0": size, "eps": size * ALPHA_PROD / (1 - ALPHA_PROD), "v": size / (1 - ALPHA_PROD)}
        for target, p in guess.items():
            got = simple_loss(p, x0, eps, ALPHA_PROD, target=target)
            np.testing.assert_allclose(got, want[target], rtol=1e-12)

    @pytest.mark.parametrize("s2", [0.25, 1.0, 3.0])
    def test_its_minimum_for_gaussian_data(self, s2):
        """Data N(0, s²): E‖ε − k x_t‖² over k has its minimum ᾱs²/w, w = ᾱs² + 1 − ᾱ, at k = √(1 − ᾱ)/w. The loss is
        a square of a linear function of (x₀, ε), so two signs of each have its expectation exactly.
        Kills: a weight, a target at another scale."""
        w = ALPHA_PROD * s2 + 1 - ALPHA_PROD
        k = NOISE / w
        draws = [(a * np.sqrt(s2) * np.ones((4, 1)), b * np.ones((4, 1))) for a in (1, -1) for b in (1, -1)]

        def expected(k):
            xt = [SIGNAL[:, None] * x0 + NOISE[:, None] * eps for x0, eps in draws]
            return np.mean([simple_loss(k[:, None] * x, x0, eps, ALPHA_PROD, target="eps")
                            for x, (x0, eps) in zip(xt, draws, strict=True)], axis=0)

        np.testing.assert_allclose(expected(k), ALPHA_PROD * s2 / w, rtol=1e-12)
        assert (expected(1.01 * k) > expected(k)).all() and (expected(0.99 * k) > expected(k)).all()

    def test_a_mean_over_images_is_a_convention(self):
        """Divided by all components of an example, not by its first axis."""
        case = draw(simple_loss, 1, sizes={"...": (3, 2)})
        asked = Question(simple_loss, case, Terms(("value",), ("prediction",), convention="mean over components"))
        assert asked.slope("value") == 1 / 6
