"""The sinusoidal embedding of times."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.nets.sinusoidal_embedding import sinusoidal_embedding

from ..kit import verify
from ..refusal import refused

TestSinusoidalEmbedding = verify(sinusoidal_embedding)

every_spacing = pytest.mark.parametrize("spacing", ["half", "half_minus_one"])
T = np.array([0.0, 1.0, 50.0, 250.0, 999.0])


class TestLaws:
    def test_the_frequencies_by_hand(self):
        """10000^(−i/n): four features have 1 and 1/100, or 1 and 1/10000; eight have powers of 1/10. Kills: log₁₀ for
        log, i/E for i/(E/2), i from 1, frequencies that grow, the spacings exchanged, 2π in the angle."""
        for features, spacing, omega in (
            (4, "half", [1, 0.01]), (4, "half_minus_one", [1, 0.0001]), (8, "half", [1, 0.1, 0.01, 0.001]),
            (6, "half_minus_one", [1, 0.01, 0.0001]), (2, "half", [1]), (2, "half_minus_one", [1]),
        ):
            v, pullback = sinusoidal_embedding.vjp(T, features=features, spacing=spacing)
            angle = T[:, None] * np.array(omega)
            np.testing.assert_allclose(v, np.concatenate([np.sin(angle), np.cos(angle)], axis=1), atol=1e-12)
            slopes = pullback(np.ones((5, features)))["t"]
            np.testing.assert_allclose(slopes, (np.cos(angle) - np.sin(angle)) @ np.array(omega), atol=1e-12)

    @every_spacing
    def test_time_zero(self, spacing):
        """Kills: cosines first, interleaved, a phase."""
        v, pullback = sinusoidal_embedding.vjp(np.zeros(1), features=8, spacing=spacing)
        np.testing.assert_array_equal(v, [[0, 0, 0, 0, 1, 1, 1, 1]])
        np.testing.assert_array_equal(pullback(np.eye(8)[[4]])["t"], [0])

    @every_spacing
    def test_products_depend_on_the_difference_of_times_alone(self, spacing):
        """⟨v(t), v(s)⟩ = ⟨v(t + u), v(s + u)⟩, and |v|² = E/2. Kills: another frequency in the cosines."""
        v, later = (sinusoidal_embedding(t, features=12, spacing=spacing) for t in (T, T + 7.5))
        np.testing.assert_allclose(v @ v.T, later @ later.T, atol=1e-11)
        np.testing.assert_allclose(np.sum(v * v, axis=1), 6, rtol=1e-14)

    @every_spacing
    def test_the_gradient_is_the_velocity_on_circles(self, spacing):
        """|dv/dt|² = Σ ω²: with v_bar = e_j one entry each. Kills: a sign in (3), ω left out or squared."""
        jacobian = np.stack([
            sinusoidal_embedding.vjp(T, features=8, spacing=spacing)[1](np.tile(np.eye(8)[j], (5, 1)))["t"]
            for j in range(8)
        ], axis=1)
        v = sinusoidal_embedding(T, features=8, spacing=spacing)
        omega = 10000.0 ** (-np.arange(4) / (4 if spacing == "half" else 3))
        np.testing.assert_allclose(np.sum(jacobian * jacobian, axis=1), np.sum(omega**2), rtol=1e-12)
        np.testing.assert_allclose(np.sum(jacobian * v, axis=1), 0, atol=1e-12)
        np.testing.assert_allclose(jacobian[:, :4], omega * v[:, 4:], atol=1e-12)


class TestTheLength:
    @pytest.mark.parametrize("features", [3, 5, 127])
    def test_is_even(self, features):
        """Some codes pad an odd length with a zero; that is one more feature that says nothing."""
        said = refused(sinusoidal_embedding, ArgumentError, "features must be a multiple of 2", T, features=features,
                       spacing="half")
        assert said.endswith(f"got {features}; take {features - 1} or {features + 1}")

    @pytest.mark.parametrize("features", [0, 1, -2, 4.0, True, "4", None])
    def test_is_a_whole_number_of_at_least_two(self, features):
        refused(sinusoidal_embedding, ArgumentError, "features must be a whole number of at least 2", T,
                features=features, spacing="half")
