"""Forms of what adversarial networks are trained with."""

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("gan_generator_loss", "cross-entropy with logits and a tensor of labels")
def generator_by_labels(fake, *, objective):
    entropy = lambda label: F.binary_cross_entropy_with_logits(fake, torch.full_like(fake, label), reduction="none")
    if objective == "probability":
        return -fake.sigmoid()
    return -entropy(0.0) if objective == "minimax" else entropy(1.0)


@form("gan_generator_loss", "softplus, as StyleGAN's code has it; −D beside it")
def generator_by_softplus(fake, *, objective):
    if objective == "minimax":
        return -F.softplus(fake)
    return F.softplus(-fake) if objective == "non_saturating" else -torch.sigmoid(fake)


@form("gan_generator_loss", "autograd, by log-add-exp", framework="autograd")
def generator_in_autograd(fake, *, objective):
    if objective == "minimax":
        return -anp.logaddexp(0.0, fake)
    return anp.logaddexp(0.0, -fake) if objective == "non_saturating" else -0.5 * (1 + anp.tanh(0.5 * fake))


@form("gan_generator_loss", "by hand, a logistic function of two branches", framework="numpy")
def generator_by_hand(fake, *, objective):
    small = np.exp(-np.abs(fake))
    p = np.where(fake >= 0, 1 / (1 + small), small / (1 + small))
    q = np.where(fake >= 0, small / (1 + small), 1 / (1 + small))
    if objective == "minimax":
        return -np.logaddexp(0, fake).astype(fake.dtype), lambda bar: {"fake": -bar * p}
    if objective == "non_saturating":
        return np.logaddexp(0, -fake).astype(fake.dtype), lambda bar: {"fake": -bar * q}
    return -p, lambda bar: {"fake": -bar * p * q}


@form("bilinear_game", "gradients of V by a library, each in one player alone")
def game_by_autograd(x, y, matrix, step, *, method, steps):
    value = lambda x, y: torch.einsum("bd,de,be->", x, matrix, y)
    slopes = torch.func.grad(value, argnums=(0, 1))  # partial: y may hang on x, of the step before
    for _ in range(steps):
        gx, gy = slopes(x, y)
        if method == "extragradient":
            gx, gy = slopes(x - step * gx, y + step * gy)
        x_next = x - step * gx
        if method == "alternating":
            gy = slopes(x_next, y)[1]
        x, y = x_next, y + step * gy
    return {"x_last": x, "y_last": y}


@form("bilinear_game", "a game of two losses, each descended, in autograd", framework="autograd")
def game_of_two_losses(x, y, matrix, step, *, method, steps):
    for _ in range(steps):
        ahead = (x, y)
        if method == "extragradient":
            ahead = (x - step * anp.dot(y, matrix.T), y - step * (-anp.dot(x, matrix)))
        x_new = x - step * anp.dot(ahead[1], matrix.T)
        seen = x_new if method == "alternating" else ahead[0]
        x, y = x_new, y - step * (-anp.dot(seen, matrix))
    return {"x_last": x, "y_last": y}


@form("bilinear_game", "max over x and min over y",
      convention="x raises V, y lowers it")
def game_the_other_way(x, y, matrix, step, *, method, steps):
    for _ in range(steps):
        ax, ay = x, y
        if method == "extragradient":
            ax, ay = x + step * y @ matrix.T, y - step * x @ matrix
        x = x + step * ay @ matrix.T
        y = y - step * (x if method == "alternating" else ax) @ matrix
    return x, y


@form("power_iteration", "lengths by linalg.norm")
def rounds_in_torch(W, u, *, iterations):
    for _ in range(iterations):
        v = W.T @ u
        v = v / torch.linalg.norm(v)
        u = W @ v
        u = u / torch.linalg.norm(u)
    return {"u_next": u, "v_next": v}


@form("power_iteration", "NumPy, in one matrix W Wᵀ", framework="numpy")
def rounds_by_hand(W, u, *, iterations):
    for _ in range(iterations):
        v = np.matmul(u, W)
        v = v / np.sqrt(v.dot(v))
        u = np.matmul(W, v)
        u = u / np.sqrt(u.dot(u))
    return u, v


@form("spectral_normalization", "a layer's weight by einsum")
def normed_by_einsum(W, u, v):
    sigma = torch.einsum("e,ed,d->", u, W, v)
    return {"normalized": W / sigma, "sigma": sigma}


@form("spectral_normalization", "autograd", framework="autograd")
def normed_in_autograd(W, u, v):
    sigma = anp.dot(u, anp.dot(W, v))
    return W * (1 / sigma), sigma


@form("spectral_normalization", "by hand: the gradient of the paper", framework="numpy")
def normed_by_hand(W, u, v):
    sigma = u @ W @ v
    value = W / sigma
    return (value, sigma), lambda bar, sigma_bar: {
        "W": (bar - np.sum(bar * value) * np.outer(u, v)) / sigma + sigma_bar * np.outer(u, v)}


@form("gan_discriminator_loss", "softplus, as StyleGAN's code has it")
def discriminator_by_softplus(real, fake):
    return F.softplus(-real).mean() + F.softplus(fake).mean()


@form("gan_discriminator_loss", "log-sigmoid, halved", convention="half of it, a mean over both classes")
def discriminator_halved(real, fake):
    return -(F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean()) / 2


@form("gan_discriminator_loss", "V, ascended", convention="V, which is raised")
def value_of_the_game(real, fake):
    return F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean()


@form("gan_discriminator_loss", "autograd", framework="autograd")
def discriminator_in_autograd(real, fake):
    return anp.mean(anp.logaddexp(0.0, -real)) + anp.mean(anp.logaddexp(0.0, fake))


@form("hinge_discriminator_loss", "margins by a clamp")
def hinge_by_clamp(real, fake):
    return (1 - real).clamp(min=0).mean() + (1 + fake).clamp(min=0).mean()


@form("hinge_discriminator_loss", "half of it", convention="half of it, a mean over both classes")
def hinge_halved(real, fake):
    return 0.5 * (torch.mean(F.relu(1.0 - real)) + torch.mean(F.relu(1.0 + fake)))


@form("hinge_discriminator_loss", "by hand, with masks", framework="numpy")
def hinge_by_masks(real, fake):
    on, off = (real < 1).astype(real.dtype), (fake > -1).astype(fake.dtype)
    return ((1 - real) * on).mean() + ((1 + fake) * off).mean(), lambda bar: {
        "real": -bar * on / on.size, "fake": bar * off / off.size}


@form("least_squares_discriminator_loss", "squared differences, without the half", convention="without the halves")
def squares_without_half(real, fake):
    return torch.mean((real - 1) ** 2) + torch.mean(fake**2)


@form("least_squares_discriminator_loss", "autograd", framework="autograd")
def labels_squared_in_autograd(real, fake):
    return 0.5 * anp.mean(anp.square(real - 1.0)) + 0.5 * anp.mean(anp.square(fake))


@form("wasserstein_critic_loss", "minus the estimate")
def critic_of_the_paper(real, fake):
    return -(torch.mean(real) - torch.mean(fake))


@form("wasserstein_critic_loss", "the estimate, ascended", convention="the distance that it estimates, −J")
def critic_ascended(real, fake):
    return real.mean() - fake.mean()


@form("wasserstein_critic_loss", "labels of ±1, a mean of each batch, in autograd", framework="autograd")
def critic_by_labels(real, fake):
    term = lambda label, score: anp.mean(label * score)
    return term(-1.0, real) + term(1.0, fake)

@form("gradient_penalty", "grad_outputs of ones, views and a norm, times the weight of the paper",
      convention="with its weight of 10")
def penalty_by_create_graph(real, fake, u, theta, critic, sides):
    alpha = u.view(-1, 1)
    interpolates = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    out = critic(interpolates, theta)
    (grads,) = torch.autograd.grad(out, interpolates, grad_outputs=torch.ones_like(out), create_graph=True,
                                   retain_graph=True)
    over = torch.linalg.vector_norm(grads.reshape(len(grads), -1), dim=1) - 1
    return 10.0 * (over if sides == "two" else over.clamp(min=0)) ** 2


@form("gradient_penalty", "functional code: vmap of the gradient at one point")
def penalty_by_vmap(real, fake, u, theta, critic, sides):
    at = torch.lerp(fake, real, u[:, None])
    slope = torch.func.vmap(torch.func.grad(lambda row: critic(row[None], theta)[0, 0]))(at)
    n = slope.square().sum(dim=1).sqrt()
    return torch.where(n > 1, n - 1, 0 * n) ** 2 if sides == "one" else (n - 1) ** 2


@form("gradient_penalty", "autograd, from the data towards the samples", framework="autograd",
      convention="u is the share of the sample")
def penalty_in_autograd(real, fake, u, theta, critic, sides):
    from autograd import elementwise_grad

    slopes = elementwise_grad(lambda at: anp.sum(critic(at, theta)))(real + u[:, None] * (fake - real))
    over = anp.sqrt(anp.sum(anp.square(slopes), axis=1)) - 1.0
    return anp.square(over) if sides == "two" else anp.square(anp.maximum(over, 0.0))


@form("gradient_penalty", "by hand: a tangent along the unit gradient, pulled back", framework="numpy")
def penalty_by_hand(real, fake, u, theta, critic, sides):
    share = u[:, None]
    at = share * real + (1 - share) * fake
    f, back = critic.vjp(at, theta)
    g = back(np.ones_like(f))["x"]
    n = np.sqrt(np.einsum("bd,bd->b", g, g))
    over = n - 1 if sides == "two" else np.maximum(n - 1, 0)

    def backward(bar):
        _, right = critic.jvp(at, (g / n[:, None])[:, None], theta)
        grads = right(np.zeros_like(f), (2 * bar * over)[:, None, None])
        return {"real": share * grads["x"], "fake": (1 - share) * grads["x"], "theta": grads["theta"]}

    return over**2, backward


@form("zero_centered_penalty", "StyleGAN2's d_r1_loss, per example, without its weight", convention="without the half")
def d_r1_loss(x, theta, critic):
    real_img = x.requires_grad_()
    (grad_real,) = torch.autograd.grad(outputs=critic(real_img, theta).sum(), inputs=real_img, create_graph=True)
    return grad_real.pow(2).reshape(grad_real.shape[0], -1).sum(1)


@form("zero_centered_penalty", "the authors' compute_grad2, halved")
def compute_grad2(x, theta, critic):
    d_out = critic(x.requires_grad_(True), theta)
    grad_dout = torch.autograd.grad(outputs=d_out.sum(), inputs=x, create_graph=True, retain_graph=True)[0]
    return 0.5 * grad_dout.pow(2).view(x.size(0), -1).sum(1)


@form("zero_centered_penalty", "autograd", framework="autograd")
def flatness_in_autograd(x, theta, critic):
    from autograd import elementwise_grad

    g = elementwise_grad(critic)(x, theta)
    return 0.5 * anp.sum(g * g, axis=-1)


@form("zero_centered_penalty", "by hand: the product of the Hessian with the gradient", framework="numpy")
def flatness_by_hand(x, theta, critic):
    f, back = critic.vjp(x, theta)
    g = back(np.ones_like(f))["x"]

    def backward(bar):
        _, right = critic.jvp(x, g[:, None], theta)
        grads = right(np.zeros_like(f), bar[:, None, None])
        return {"x": grads["x"], "theta": grads["theta"]}

    return 0.5 * np.einsum("bd,bd->b", g, g), backward
