"""Losses of torch-mimicry, and its spectral norm."""

from bare import bare

bare("torch_mimicry")  # whose __init__ asks for TensorBoard
from torch_mimicry.modules import losses  # noqa: E402
from torch_mimicry.modules.spectral_norm import SpectralNorm  # noqa: E402


def gan_discriminator_loss(real, fake):
    """Logits in a column, as its discriminators have them."""
    return losses.minimax_loss_dis(output_fake=fake[:, None], output_real=real[:, None])


def gan_generator_loss(fake):
    """Called minimax, it is −log D; ns_loss_gen, which is told on the page of public code, adds 10⁻⁸ to D."""
    return losses.minimax_loss_gen(fake[:, None])


def hinge_discriminator_loss(real, fake):
    return losses.hinge_loss_dis(output_fake=fake, output_real=real)


def wasserstein_critic_loss(real, fake):
    return losses.wasserstein_loss_dis(output_real=real, output_fake=fake)


def power_iteration(W, u, *, iterations):
    _, u, v = SpectralNorm._power_iteration(None, W, u[None], iterations)
    return u[0], v[0]


CANDIDATES = {
    "gan_discriminator_loss": {"function": gan_discriminator_loss, "framework": "torch", "dtype": "float32"},
    "gan_generator_loss": {"function": gan_generator_loss, "framework": "torch", "dtype": "float32",
                           "reduction": "mean", "fixed": {"objective": "non_saturating"}},
    "hinge_discriminator_loss": {"function": hinge_discriminator_loss, "framework": "torch"},
    "wasserstein_critic_loss": {"function": wasserstein_critic_loss, "framework": "torch"},
    "power_iteration": {"function": power_iteration, "framework": "torch"},
}
