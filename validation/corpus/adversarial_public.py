"""Forms of adversarial losses, as collections of networks and tutorials have them."""

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("gan_generator_loss", "torchgan: labels of either kind, and a sign")
def minimax_generator_loss(fake, objective):
    if objective == "probability":
        return -torch.sigmoid(fake)
    if objective == "non_saturating":
        return F.binary_cross_entropy_with_logits(fake, torch.ones_like(fake), reduction="none")
    return -1.0 * F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake), reduction="none")


@form("gan_generator_loss", "the tutorial of DCGAN: a discriminator that ends in a sigmoid, and nn.BCELoss")
def dcgan_generator(fake, objective):
    output, criterion = torch.sigmoid(fake), torch.nn.BCELoss(reduction="none")
    if objective == "probability":
        return -output
    if objective == "minimax":
        return -criterion(output, torch.full_like(output, 0.0))
    return criterion(output, torch.full_like(output, 1.0))


@form("gan_generator_loss", "StyleGAN2's softplus")
def g_logistic_losses(fake, objective):
    return {
        "minimax": lambda: -F.softplus(fake),
        "non_saturating": lambda: F.softplus(-fake),
        "probability": lambda: -fake.sigmoid(),
    }[objective]()


@form("gan_generator_loss", "the formula with a logarithm of the sigmoid", framework="autograd")
def generator_of_the_paper(fake, objective):
    log_d = -anp.logaddexp(0.0, -fake)
    if objective == "minimax":
        return log_d - fake
    return -log_d if objective == "non_saturating" else -anp.exp(log_d)


@form("gan_discriminator_loss", "the tutorial of DCGAN: sigmoids, labels and nn.BCELoss, added")
def dcgan_discriminator(real, fake):
    criterion = torch.nn.BCELoss()
    err_real = criterion(torch.sigmoid(real), torch.ones(real.shape, dtype=real.dtype))
    err_fake = criterion(torch.sigmoid(fake), torch.zeros(fake.shape, dtype=fake.dtype))
    return err_real + err_fake


@form("gan_discriminator_loss", "PyTorch-GAN: half of both", convention="half of it, a mean over both classes")
def d_loss_halved(real, fake):
    adversarial_loss = torch.nn.BCEWithLogitsLoss()
    real_loss = adversarial_loss(real, torch.ones_like(real))
    fake_loss = adversarial_loss(fake, torch.zeros_like(fake))
    return (real_loss + fake_loss) / 2


@form("gan_discriminator_loss", "StyleGAN2's logistic loss")
def d_logistic_loss(real, fake):
    real_loss = F.softplus(-real)
    fake_loss = F.softplus(fake)
    return real_loss.mean() + fake_loss.mean()


@form("gan_discriminator_loss", "the paper's value function", framework="autograd", convention="V, which is raised")
def value_function(real, fake):
    log_d = -anp.log1p(anp.exp(-anp.abs(real))) + anp.minimum(real, 0)
    log_not_d = -anp.log1p(anp.exp(-anp.abs(fake))) - anp.maximum(fake, 0)
    return anp.mean(log_d) + anp.mean(log_not_d)


@form("gan_discriminator_loss", "one batch of both kinds with labels and weights")
def discriminator_of_one_batch(real, fake):
    logits = torch.cat([real, fake])
    labels = torch.cat([torch.ones_like(real), torch.zeros_like(fake)])
    weight = torch.cat([torch.ones_like(real) / len(real), torch.ones_like(fake) / len(fake)])
    return F.binary_cross_entropy_with_logits(logits, labels, weight=weight, reduction="sum")


@form("hinge_discriminator_loss", "mimicry and BigGAN")
def loss_hinge_dis(real, fake):
    return torch.mean(F.relu(1.0 - real)) + torch.mean(F.relu(1.0 + fake))


@form("hinge_discriminator_loss", "SPADE: a minimum with zeros, negated")
def hinge_of_minima(real, fake):
    zero = torch.zeros(1, dtype=real.dtype)
    loss_real = -torch.mean(torch.min(real - 1, zero.expand_as(real)))
    loss_fake = -torch.mean(torch.min(-fake - 1, zero.expand_as(fake)))
    return loss_real + loss_fake


@form("hinge_discriminator_loss", "VQGAN: half of both", convention="half of it, a mean over both classes")
def hinge_d_loss(real, fake):
    loss_real = torch.mean(F.relu(1.0 - real))
    loss_fake = torch.mean(F.relu(1.0 + fake))
    return 0.5 * (loss_real + loss_fake)


@form("hinge_discriminator_loss", "scripts that clamp")
def hinge_clamped(real, fake):
    return (1 - real).clamp(min=0).mean() + (1 + fake).clamp(min=0).mean()


@form("hinge_discriminator_loss", "the paper's V", framework="autograd", convention="V, which is raised, of minima")
def hinge_value(real, fake):
    return anp.mean(anp.minimum(0, -1 + real)) + anp.mean(anp.minimum(0, -1 - fake))


@form("least_squares_discriminator_loss", "PyTorch-GAN and CycleGAN: half of two mean squares")
def lsgan_discriminator(real, fake):
    criterion = torch.nn.MSELoss()
    valid, synthetic = torch.ones_like(real), torch.zeros_like(fake)
    return 0.5 * (criterion(real, valid) + criterion(fake, synthetic))


@form("least_squares_discriminator_loss", "vocoders: no halves", convention="without the halves")
def vocoder_discriminator(real, fake):
    r_loss = torch.mean((1 - real) ** 2)
    g_loss = torch.mean(fake**2)
    return r_loss + g_loss


@form("least_squares_discriminator_loss", "expanded squares", framework="autograd")
def lsgan_expanded(real, fake):
    return 0.5 * (1 - 2 * anp.mean(real) + anp.mean(real**2)) + 0.5 * anp.mean(fake**2)


@form("least_squares_discriminator_loss", "mean squares through squared norms",
      convention="half of it, a mean over both classes")
def lsgan_of_norms(real, fake):
    return (torch.dist(real, torch.ones_like(real)) ** 2 / len(real) + fake.norm() ** 2 / len(fake)) / 4


@form("wasserstein_critic_loss", "PyTorch-GAN")
def wgan_critic(real, fake):
    return -torch.mean(real) + torch.mean(fake)


@form("wasserstein_critic_loss", "Keras: a mean of y · f for each batch", framework="autograd")
def wgan_of_labels(real, fake):
    wasserstein_loss = lambda y_true, y_pred: anp.mean(y_true * y_pred)
    return wasserstein_loss(-anp.ones(real.shape), real) + wasserstein_loss(anp.ones(fake.shape), fake)


@form("wasserstein_critic_loss", "what is plotted while it is trained",
      convention="the distance that it estimates, −J")
def wasserstein_estimate(real, fake):
    return real.sum() / real.shape[0] - fake.sum() / fake.shape[0]


@form("bilinear_game", "a step of both players as one matrix, and its power")
def game_of_matrix_powers(x, y, matrix, step, method, steps):
    d, e = matrix.shape
    top = torch.cat([torch.zeros(d, d, dtype=x.dtype), -step * matrix], dim=1)
    bottom = torch.cat([step * matrix.T, torch.zeros(e, e, dtype=x.dtype)], dim=1)
    first, second = torch.eye(d + e, dtype=x.dtype).split([d, e])
    field = torch.cat([top, bottom])
    if method == "simultaneous":
        once = torch.cat([first, second]) + field
    elif method == "alternating":
        once = torch.cat([first, second + bottom]) @ torch.cat([first + top, second])
    else:
        once = torch.cat([first, second]) + field + field @ field
    end = torch.cat([x, y], dim=1) @ torch.linalg.matrix_power(once, steps).T
    return end[:, :d], end[:, d:]


@form("bilinear_game", "extrapolation and update, as optimizers of games have it", framework="autograd")
def game_of_extrapolations(x, y, matrix, step, method, steps):
    gradient = lambda x, y: (anp.dot(y, matrix.T), -anp.dot(x, matrix))
    for _ in range(steps):
        if method == "extragradient":
            gx, gy = gradient(x, y)
            gx, gy = gradient(x - step * gx, y - step * gy)
            x, y = x - step * gx, y - step * gy
        elif method == "alternating":
            x = x - step * gradient(x, y)[0]
            y = y - step * gradient(x, y)[1]
        else:
            gx, gy = gradient(x, y)
            x, y = x - step * gx, y - step * gy
    return x, y


@form("bilinear_game", "torch.func's gradients of V", convention="x raises V, y lowers it")
def game_of_func(x, y, matrix, step, method, steps):
    value = lambda x, y: torch.einsum("bd,de,be->", x, matrix, y)
    slopes = torch.func.grad(value, argnums=(0, 1))
    for _ in range(steps):
        gx, gy = slopes(x, y)
        if method == "extragradient":
            gx, gy = slopes(x + step * gx, y - step * gy)
        elif method == "alternating":
            gy = slopes(x + step * gx, y)[1]
        x, y = x + step * gx, y - step * gy
    return x, y


@form("power_iteration", "torch.nn.utils.spectral_norm, whose norms have a floor")
def spectral_norm_rounds(W, u, iterations):
    for _ in range(iterations):
        v = F.normalize(torch.mv(W.t(), u), dim=0, eps=1e-12)
        u = F.normalize(torch.mv(W, v), dim=0, eps=1e-12)
    return u, v


@form("power_iteration", "the first ports of SNGAN, a small number added to each norm",
      convention="10⁻¹² is added to every norm")
def l2_normalised_rounds(W, u, iterations):
    l2normalize = lambda x, eps=1e-12: x / (x.norm() + eps)
    for _ in range(iterations):
        v = l2normalize(torch.mv(torch.t(W), u))
        u = l2normalize(torch.mv(W, v))
    return u, v


@form("power_iteration", "rows of one, as Chainer has it", framework="numpy")
def max_singular_value(W, u, iterations):
    row = u[None]
    for _ in range(iterations):
        v = row @ W
        v = v / np.sqrt(np.sum(v**2))
        row = v @ W.T
        row = row / np.sqrt(np.sum(row**2))
    return row[0], v[0]


@form("spectral_normalization", "torch.nn.utils.spectral_norm")
def compute_weight(W, u, v):
    u, v = u.clone(), v.clone()
    sigma = torch.dot(u, torch.mv(W, v))
    return W / sigma, sigma


@form("spectral_normalization", "ports that divide by an expanded sigma")
def update_u_v(W, u, v):
    height = W.data.shape[0]
    sigma = u.dot(W.view(height, -1).mv(v))
    return W / sigma.expand_as(W), sigma


@form("spectral_normalization", "matrices of one row and one column, as TensorFlow's have it", framework="autograd")
def sn_of_matmul(W, u, v):
    sigma = anp.dot(anp.dot(u[None, :], W), v[:, None])
    return {"normalized": W / sigma, "sigma": sigma[0, 0]}


@form("spectral_normalization", "the inner product with u vᵀ")
def sn_of_outer(W, u, v):
    sigma = (torch.outer(u, v) * W).sum()
    return {"normalized": W * sigma.reciprocal(), "sigma": sigma}
