"""Forms of variational autoencoders, as their examples and libraries have them."""

import math

import autograd.numpy as anp
import torch
import torch.nn.functional as F
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
LOSS = "the negative log-likelihood, a loss"


def flat(x):
    return x.reshape(x.shape[0], -1)


@form("bernoulli_log_likelihood", "the example of PyTorch: a sigmoid, then binary cross-entropy", convention=LOSS)
def vae_example_bce(logits, x):
    recon_x = torch.sigmoid(logits)
    return flat(F.binary_cross_entropy(recon_x, x, reduction="none")).sum(dim=-1)


@form("bernoulli_log_likelihood", "Pyro: a decoder's event of as many dimensions as it has")
def bernoulli_of_pyro(logits, x):
    law = D.Independent(D.Bernoulli(logits=logits, validate_args=False), logits.dim() - 1, validate_args=False)
    return law.log_prob(x)


@form("bernoulli_log_likelihood", "TensorFlow's sigmoid cross-entropy, by its own formula", framework="autograd",
      convention=LOSS)
def sigmoid_cross_entropy(logits, x):
    loss = anp.maximum(logits, 0) - logits * x + anp.log1p(anp.exp(-anp.abs(logits)))
    return anp.sum(anp.reshape(loss, (loss.shape[0], -1)), axis=1)


@form("bernoulli_log_likelihood", "a mean of pixels by nn.BCEWithLogitsLoss",
      convention="the negative log-likelihood, mean over components")
def bernoulli_of_pixels(logits, x):
    criterion = torch.nn.BCEWithLogitsLoss(reduction="none")
    return flat(criterion(logits, x)).mean(1)


@form("bernoulli_log_likelihood", "research code: x · logit less its softplus")
def bernoulli_by_softplus(logits, x):
    return flat(x * logits - F.softplus(logits)).sum(-1)


@form("bernoulli_log_likelihood", "the continuous Bernoulli of torch",
      convention="the continuous Bernoulli law, with its normaliser")
def continuous_bernoulli_of_torch(logits, x):
    return flat(D.ContinuousBernoulli(logits=logits, validate_args=False).log_prob(x)).sum(-1)


@form("bernoulli_log_likelihood", "the continuous Bernoulli in its logit, with a Taylor series around zero",
      convention="the continuous Bernoulli law, with its normaliser")
def continuous_bernoulli_of_logits(logits, x):
    near = logits.abs() < 0.02
    far = torch.where(near, torch.ones_like(logits), logits.abs())
    log_norm = torch.where(
        near,
        math.log(2.0) + logits**2 / 12 - 7 * logits**4 / 1440 + 31 * logits**6 / 90720,
        torch.log(far) - torch.log(torch.tanh(far / 2)),
    )
    return flat(log_norm - F.binary_cross_entropy_with_logits(logits, x, reduction="none")).sum(-1)


@form("gaussian_reparameterization", "latent diffusion's posterior, whose log-variance is clamped",
      convention="log-variances clamped to [−30, 20]")
def posterior_sample(mean, logvar, eps):
    logvar = torch.clamp(logvar, -30.0, 20.0)
    std = torch.exp(0.5 * logvar)
    return mean + std * eps


@form("gaussian_reparameterization", "research code that takes the root of a variance")
def reparameterize_of_variance(mean, logvar, eps):
    var = logvar.exp()
    return eps.mul(var.sqrt()).add(mean)


@form("gaussian_reparameterization", "an affine transform of standard noise")
def reparameterize_of_transform(mean, logvar, eps):
    sigma = (logvar / 2).exp()
    return D.AffineTransform(mean, sigma, event_dim=1)(eps)


@form("gaussian_reparameterization", "an encoder that gives log σ", framework="autograd",
      convention="logvar is log σ, not log σ²")
def reparameterize_of_log_std(mean, logvar, eps):
    log_std = logvar
    return anp.exp(log_std) * eps + mean


def decoded(z, theta, decoder):
    """What a decoder gives for every draw of every example."""
    return decoder(z.reshape(-1, z.shape[-1]), theta).reshape(*z.shape[:2], -1)


@form("elbo", "pythae: a reconstruction loss and β times a divergence", convention="the negative bound, a loss")
def beta_vae_loss(x, eps, beta, phi, theta, encoder, decoder, likelihood):
    mu, log_var = encoder(x, phi).chunk(2, dim=-1)
    std = torch.exp(0.5 * log_var)
    z = mu.unsqueeze(1) + std.unsqueeze(1) * eps
    recon_x = decoded(z, theta, decoder)
    target = x.unsqueeze(1).expand_as(recon_x)
    if likelihood == "gaussian":
        recon_loss = 0.5 * F.mse_loss(recon_x, target, reduction="none") + 0.5 * math.log(2 * math.pi)
    else:
        recon_loss = F.binary_cross_entropy_with_logits(recon_x, target, reduction="none")
    kld = -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp(), dim=-1)
    return recon_loss.sum(dim=-1).mean(dim=1) + beta * kld


@form("elbo", "Pyro: laws, their log-probabilities and their analytic divergence")
def mean_field_elbo(x, eps, beta, phi, theta, encoder, decoder, likelihood):
    loc, log_var = encoder(x, phi).chunk(2, dim=1)
    scale = torch.exp(log_var / 2)
    z = torch.stack([loc + scale * one for one in eps.unbind(1)], dim=1)
    out = decoded(z, theta, decoder)
    law = D.Normal(out, 1.0) if likelihood == "gaussian" else D.Bernoulli(logits=out, validate_args=False)
    expected = D.Independent(law, 1, validate_args=False).log_prob(x[:, None]).mean(1)
    q = D.Normal(loc, scale, validate_args=False)
    prior = D.Normal(torch.zeros_like(loc), torch.ones_like(scale))
    return expected - beta * D.kl_divergence(q, prior).sum(-1)


@form("elbo", "autograd's example, a draw at a time", framework="autograd")
def vae_lower_bound(x, eps, beta, phi, theta, encoder, decoder, likelihood):
    latent = eps.shape[2]
    code = encoder(x, phi)
    q_means, q_log_vars = code[:, :latent], code[:, latent:]
    total = 0.0
    for r in range(eps.shape[1]):
        out = decoder(eps[:, r] * anp.exp(0.5 * q_log_vars) + q_means, theta)
        if likelihood == "gaussian":
            total = total + anp.sum(-0.5 * anp.log(2 * anp.pi) - 0.5 * (x - out) ** 2, axis=-1)
        else:
            signed = 2 * x - 1
            total = total + anp.sum(
                -(1 + signed) / 2 * anp.logaddexp(0, -out) - (1 - signed) / 2 * anp.logaddexp(0, out), axis=-1)
    kl = -0.5 * anp.sum(1 + q_log_vars - q_means**2 - anp.exp(q_log_vars), axis=-1)
    return total / eps.shape[1] - beta * kl


@form("elbo", "reconstruction errors without a constant, and a divergence by its formula",
      convention="for gaussian without the constant ½ log 2π")
def elbo_of_errors(x, eps, beta, phi, theta, encoder, decoder, likelihood):
    mu, log_var = torch.tensor_split(encoder(x, phi), 2, dim=1)
    errors = []
    for noise in eps.unbind(dim=1):
        x_hat = decoder(torch.addcmul(mu, noise, (0.5 * log_var).exp()), theta)
        if likelihood == "gaussian":
            errors.append(0.5 * (x - x_hat).square().sum(1))
        else:
            errors.append(F.binary_cross_entropy_with_logits(x_hat, x, reduction="none").sum(1))
    kl = 0.5 * (mu**2 + log_var.exp() - log_var - 1).sum(1)
    return -(torch.stack(errors).mean(0) + beta * kl)


@form("elbo", "an encoder that gives log σ", framework="autograd",
      convention="the encoder gives log σ, not log σ²")
def elbo_of_log_std(x, eps, beta, phi, theta, encoder, decoder, likelihood):
    mean, log_std = anp.split(encoder(x, phi), 2, axis=1)
    z = mean[:, None] + anp.exp(log_std)[:, None] * eps
    out = anp.reshape(decoder(anp.reshape(z, (-1, z.shape[-1])), theta), (eps.shape[0], eps.shape[1], -1))
    if likelihood == "gaussian":
        log_p = -0.5 * (x[:, None] - out) ** 2 - 0.5 * anp.log(2 * anp.pi)
    else:
        log_p = x[:, None] * out - anp.logaddexp(0, out)
    kl = anp.sum((anp.exp(2 * log_std) + mean**2 - 1) / 2 - log_std, axis=1)
    return anp.mean(anp.sum(log_p, axis=2), axis=1) - beta * kl


@form("autoencoder_loss", "tutorials: nn.MSELoss of a reconstruction",
      convention="mean over components, without the factor ½")
def autoencoder_of_mse(x, phi, theta, encoder, decoder):
    criterion = torch.nn.MSELoss(reduction="none")
    encoded = encoder(x, phi)
    return criterion(decoder(encoded, theta), x).mean(dim=-1)


@form("autoencoder_loss", "pythae's AE: a sum of squares", convention="without the factor ½")
def autoencoder_of_pythae(x, phi, theta, encoder, decoder):
    recon_x = decoder(encoder(x, phi), theta)
    return F.mse_loss(recon_x.reshape(x.shape[0], -1), x.reshape(x.shape[0], -1), reduction="none").sum(dim=-1)


@form("autoencoder_loss", "minus the logarithm of a unit Gaussian, less its constant")
def autoencoder_of_normal(x, phi, theta, encoder, decoder):
    log_p = D.Normal(decoder(encoder(x, phi), theta), 1.0).log_prob(x).sum(-1)
    return -log_p - 0.5 * x.shape[1] * math.log(2 * math.pi)


@form("autoencoder_loss", "half of a squared norm", framework="autograd")
def autoencoder_of_norms(x, phi, theta, encoder, decoder):
    residual = x - decoder(encoder(x, phi), theta)
    return 0.5 * anp.einsum("nd,nd->n", residual, residual)
