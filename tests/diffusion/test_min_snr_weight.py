"""Min-SNR weights."""

import numpy as np

from refdgm.diffusion.min_snr_weight import min_snr_weight

from ..kit import verify

TestMinSnrWeight = verify(min_snr_weight)

ALPHA_PROD = np.array([0.00004, 0.1, 0.5, 0.8, 0.96, 0.9999])
SNR = ALPHA_PROD / (1 - ALPHA_PROD)


class TestLaws:
    def test_below_the_cut_it_is_the_loss_of_the_data(self):
        """SNR < γ: the weight is 1 for ε, SNR for x₀, ᾱ for v. Kills: max for min, SNR + 1 under the minimum."""
        low = ALPHA_PROD[SNR < 5]
        np.testing.assert_array_equal(min_snr_weight(low, 5.0, target="eps"), np.ones(len(low)))
        np.testing.assert_allclose(min_snr_weight(low, 5.0, target="x0"), SNR[SNR < 5], rtol=1e-15)
        np.testing.assert_array_equal(min_snr_weight(low, 5.0, target="v"), low)

    def test_above_the_cut(self):
        """SNR > γ: γ/SNR for ε, γ for x₀, γ/(SNR + 1) for v."""
        high, snr = ALPHA_PROD[SNR > 5], SNR[SNR > 5]
        np.testing.assert_allclose(min_snr_weight(high, 5.0, target="eps"), 5 / snr, rtol=1e-13)
        np.testing.assert_allclose(min_snr_weight(high, 5.0, target="x0"), [5, 5], rtol=1e-13)
        np.testing.assert_allclose(min_snr_weight(high, 5.0, target="v"), 5 / (snr + 1), rtol=1e-13)

    def test_three_parametrisations_of_one_objective(self):
        """One wrong x_hat₀ at fixed x_t has errors √SNR e in ε and √(SNR + 1) e in v: weight times square is the same.
        Kills: the weight of ε used for v, a division forgotten."""
        eps, x0, v = (min_snr_weight(ALPHA_PROD, 2.5, target=t) for t in ("eps", "x0", "v"))
        np.testing.assert_allclose(eps * SNR, x0, rtol=1e-12)
        np.testing.assert_allclose(v * (SNR + 1), x0, rtol=1e-12)

    def test_the_last_steps_of_the_published_schedule(self):
        """SNR = 4·10⁻⁵: the weight for v is 4·10⁻⁵, where code with SNR + 1 under the minimum has 1."""
        np.testing.assert_allclose(min_snr_weight(ALPHA_PROD[:1], 5.0, target="v"), 4e-5, rtol=1e-12)
