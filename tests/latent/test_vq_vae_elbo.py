"""✎ What is tested."""

from refdgm.latent.vq_vae_elbo import vq_vae_elbo

from ..kit import verify

TestVqVaeElbo = verify(vq_vae_elbo)


class TestLaws:
    """✎ At least one law whose right side calls no function of the package; each says what it kills."""
