"""The Fréchet distance of two normal laws."""

import numpy as np
import pytest

from refdgm.metrics.frechet_distance import frechet_distance

from ..kit import verify

TestFrechetDistance = verify(frechet_distance)


def laws(rng, many):
    """Means and covariances of two laws in general position."""
    wide = [rng.normal(size=(many, 2 * many)) for _ in range(2)]
    return rng.normal(size=many), wide[0] @ wide[0].T, 1 + rng.normal(size=many), wide[1] @ wide[1].T / 5


def by_eigenvalues(mean_p, cov_p, mean_q, cov_q):
    """As it is printed, by NumPy's eigenvalues of the product of the symmetric parts."""
    s, o = (cov_p + cov_p.T) / 2, (cov_q + cov_q.T) / 2
    root = np.sum(np.sqrt(np.linalg.eigvals(s @ o).real))
    return np.sum((mean_p - mean_q) ** 2) + np.trace(s) + np.trace(o) - 2 * root


class TestLaws:
    def test_on_a_line(self):
        """Means 1 and 3, deviations 2 and 3: 4 + 1. Kills: its root, variances for deviations, a two, a sign, the
        inverse of the map."""
        value, pullback = frechet_distance.vjp(
            np.array([1.0]), np.array([[4.0]]), np.array([3.0]), np.array([[9.0]]))
        np.testing.assert_allclose(value, 5, rtol=1e-15)
        g = pullback(np.array(1.0))
        np.testing.assert_allclose([float(x.reshape(())) for x in g.values()], [-4, -1 / 2, 4, 1 / 3], rtol=1e-14)

    @pytest.mark.parametrize("many", [2, 3, 5, 11])
    def test_by_eigenvalues_of_the_product(self, rng, many):
        """NumPy's eigenvalues of ΣΩ. Kills: every term of the value, covariances taken for factors."""
        args = laws(rng, many)
        np.testing.assert_allclose(frechet_distance(*args), by_eigenvalues(*args), rtol=1e-12)

    def test_along_a_matrix_of_free_elements(self, rng):
        """Differences of that value along directions that are not symmetric. Kills: a gradient of one triangle, one
        whose elements beside the diagonal count twice, a root that is held, maps that are exchanged."""
        args, h = laws(rng, 4), 1e-4
        g = frechet_distance.vjp(*args)[1](np.array(1.0))
        for place, name in enumerate(g):
            v = rng.normal(size=args[place].shape)
            at = lambda h, place=place, v=v: by_eigenvalues(*(x + h * v * (i == place) for i, x in enumerate(args)))
            slope = lambda h, at=at: (at(h) - at(-h)) / (2 * h)
            np.testing.assert_allclose(np.sum(g[name] * v), (4 * slope(h) - slope(2 * h)) / 3, rtol=1e-8)

    def test_the_map_between_the_laws(self, rng):
        """T = I − Σ_bar is symmetric and positive, T Σ T = Ω, I − Ω_bar is its inverse, and d² is what the points
        travel. Kills: the inverse of the map, its root, Σ and Ω exchanged, another map of the same image."""
        mean_p, cov_p, mean_q, cov_q = laws(rng, 5)
        value, pullback = frechet_distance.vjp(mean_p, cov_p, mean_q, cov_q)
        g, one = pullback(np.array(1.0)), np.eye(5)
        there, back = one - g["cov_p"], one - g["cov_q"]
        np.testing.assert_array_equal(there, there.T)
        assert np.all(np.linalg.eigvalsh(there) > 0)
        np.testing.assert_allclose(there @ cov_p @ there, cov_q, rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(there @ back, one, atol=1e-12)
        travelled = np.sum((mean_p - mean_q) ** 2) + np.trace((there - one) @ cov_p @ (there - one))
        np.testing.assert_allclose(value, travelled, rtol=1e-12)

    def test_covariances_that_commute(self, rng):
        """Q Λ Qᵀ and Q K Qᵀ: Σ (√λ − √κ)², with slopes Q (1 − √(κ/λ)) Qᵀ. Kills: a root of the trace, variances that
        are not turned."""
        turn, a, b = np.linalg.qr(rng.normal(size=(4, 4)))[0], rng.uniform(1, 2, 4), rng.uniform(1, 9, 4)
        mean = rng.normal(size=4)
        value, pullback = frechet_distance.vjp(mean, (turn * a) @ turn.T, mean, (turn * b) @ turn.T)
        np.testing.assert_allclose(value, np.sum((np.sqrt(a) - np.sqrt(b)) ** 2), rtol=1e-12)
        g = pullback(np.array(1.0))
        np.testing.assert_allclose(g["cov_p"], (turn * (1 - np.sqrt(b / a))) @ turn.T, rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(g["cov_q"], (turn * (1 - np.sqrt(a / b))) @ turn.T, rtol=1e-11, atol=1e-13)

    def test_singular_covariances(self, rng):
        """A point, a line, a plane: ‖μ − ν‖² + tr Ω; with vvᵀ the root is (vᵀΩv)^½; lines u and v have |⟨u, v⟩|. The
        slope in the other covariance is there, that in the singular one is not. Kills: an ε, the last term of (3) left
        out, a polar factor with a rotation in what is nothing, a finite slope where there is none."""
        mean, _, other, omega = laws(rng, 3)
        gap = np.sum((mean - other) ** 2)
        u, v = np.array([1.0, -2.0, 0.5]), np.array([2.0, 1.0, 3.0])
        for sigma, root in ((np.zeros((3, 3)), 0), (np.outer(v, v), np.sqrt(v @ omega @ v))):
            with np.errstate(all="ignore"):
                value, pullback = frechet_distance.vjp(mean, sigma, other, omega)
                g = pullback(np.array(1.0))
            np.testing.assert_allclose(value, gap + np.trace(sigma) + np.trace(omega) - 2 * root, rtol=1e-13)
            slope = np.eye(3) - (np.outer(v, v) / root if root else 0)
            np.testing.assert_allclose(g["cov_q"], slope, rtol=1e-12, atol=1e-13)
            assert not np.any(np.isfinite(g["cov_p"]))
        value = frechet_distance(mean, np.outer(u, u), other, np.outer(v, v))
        np.testing.assert_allclose(value, gap + u @ u + v @ v - 2 * abs(u @ v), rtol=1e-13)

    @pytest.mark.parametrize("rank, many", [(1, 5), (2, 5), (3, 65)])
    def test_singular_covariances_of_any_units(self, rng, rank, many):
        """FᵀF and GᵀG of few rows: tr Σ + tr Ω − 2 ‖F Gᵀ‖, of NumPy's singular values; what is nothing is within
        rounding of its variance and no more. Kills: pivots in the order of the components, where a small one makes
        noise of the next, even NaN; a rounding that is absolute, or of one component for all."""
        for size in (2.0**-20, 1.0, 2.0**20):
            for _ in range(20):
                f, g = size * rng.normal(size=(2, rank, many))
                root = np.sum(np.linalg.svd(f @ g.T, compute_uv=False))
                value = frechet_distance(np.zeros(many), f.T @ f, np.zeros(many), g.T @ g)
                np.testing.assert_allclose(value, np.sum(f**2) + np.sum(g**2) - 2 * root, rtol=1e-13)

    def test_equal_laws_and_either_way(self, rng):
        """0 for equal laws, and no slope; p and q may change places; both may be turned and moved. Kills: a two, an ε,
        means or covariances of one law alone."""
        mean, sigma, other, omega = laws(rng, 3)
        value, pullback = frechet_distance.vjp(mean, sigma, mean, sigma)
        assert 0 <= value < 1e-28
        assert all(np.max(np.abs(x)) < 1e-13 for x in pullback(np.array(1.0)).values())
        value = frechet_distance(mean, sigma, other, omega)
        np.testing.assert_allclose(frechet_distance(other, omega, mean, sigma), value, rtol=1e-13)
        turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        turned = (turn @ mean + 9, turn @ sigma @ turn.T, turn @ other + 9, turn @ omega @ turn.T)
        np.testing.assert_allclose(frechet_distance(*turned), value, rtol=1e-12)

    def test_euler(self, rng):
        """d² is of degree two in means and of degree one in covariances: ½⟨μ_bar, μ⟩ + ½⟨ν_bar, ν⟩ + ⟨Σ_bar, Σ⟩ +
        ⟨Ω_bar, Ω⟩. Kills: halves, twos, a root that is held."""
        args = laws(rng, 3)
        value, pullback = frechet_distance.vjp(*args)
        sums = [np.sum(x * g) for x, g in zip(args, pullback(np.array(1.0)).values(), strict=True)]
        np.testing.assert_allclose((sums[0] + sums[2]) / 2 + sums[1] + sums[3], value, rtol=1e-12)
