"""Forms of the parts and bounds of variational autoencoders."""

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
NLL = "the negative log-likelihood, a loss"
MEAN_NLL = "the negative log-likelihood, mean over components"


@form("gaussian_reparameterization", "first lessons: std, then eps.mul(std).add_(mu)")
def draw_of_lessons(mean, logvar, eps):
    std = torch.exp(0.5 * logvar)
    return eps.mul(std).add_(mean)


@form("gaussian_reparameterization", "models on torch's distributions, their noise given")
def draw_of_rsample(mean, logvar, eps):
    q = D.Normal(mean, logvar.mul(0.5).exp())
    return q.loc + eps * q.scale


@form("gaussian_reparameterization", "encoders that return log σ", convention="logvar is log σ, not log σ²")
def draw_of_log_sigma(mean, logvar, eps):
    log_sigma = logvar
    return mean + log_sigma.exp() * eps


@form("gaussian_reparameterization", "autograd's own example of an autoencoder", framework="autograd")
def draw_in_autograd(mean, logvar, eps):
    return eps * anp.exp(0.5 * logvar) + mean


@form("gaussian_reparameterization", "a sampling layer with its backward", framework="numpy")
def draw_layer(mean, logvar, eps):
    z = mean + np.exp(logvar * 0.5) * eps
    return z, lambda bar: {"mean": bar, "logvar": bar * eps * np.exp(logvar * 0.5) * 0.5}


@form("bernoulli_log_likelihood", "torch's loss of logits, summed over an example", convention=NLL)
def bce_with_logits(logits, x):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").reshape(len(x), -1).sum(1)


@form("bernoulli_log_likelihood", "torch's distributions, made independent over an example")
def independent_bernoulli(logits, x):
    return D.Independent(D.Bernoulli(logits=logits, validate_args=False), x.ndim - 1).log_prob(x)


@form("bernoulli_log_likelihood", "the sign trick of autograd's own example: log σ((2x − 1) l), x weighed",
      framework="autograd")
def bernoulli_in_autograd(logits, x):
    each = -x * anp.logaddexp(0.0, -logits) - (1 - x) * anp.logaddexp(0.0, logits)
    return anp.sum(anp.reshape(each, (len(x), -1)), axis=1)


@form("bernoulli_log_likelihood", "Keras's stable form, a mean", convention=MEAN_NLL)
def mean_of_keras(logits, x):
    each = torch.relu(logits) - logits * x + torch.log1p(torch.exp(-logits.abs()))
    return each.flatten(1).mean(1) if x.ndim > 1 else each


@form("bernoulli_log_likelihood", "a NumPy decoder with its backward", framework="numpy")
def bernoulli_by_hand(logits, x):
    value = (x * logits - np.logaddexp(0, logits)).reshape(len(x), -1).sum(axis=1)
    p = np.exp(-np.logaddexp(0, -logits))

    def backward(bar):
        bar = bar.reshape(-1, *[1] * (x.ndim - 1))
        return {"logits": bar * (x - p), "x": bar * logits}

    return value, backward


BOUND_LOSS = "the negative bound, a loss"


@form("elbo", "the loss function of first lessons: BCE or MSE with a sum, and KLD, for each example",
      convention=BOUND_LOSS)
def vae_loss(x, eps, beta, phi, theta, encoder, decoder, likelihood):
    mu, logvar = encoder(x, phi).chunk(2, dim=1)
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=1)
    std, errors = torch.exp(0.5 * logvar), []
    for sample in range(eps.size(1)):
        recon_x = decoder(eps[:, sample].mul(std).add(mu), theta)
        if likelihood == "bernoulli":
            errors.append(F.binary_cross_entropy_with_logits(recon_x, x, reduction="none").sum(1))
        else:
            errors.append(0.5 * F.mse_loss(recon_x, x, reduction="none").sum(1) + 0.5 * x.size(1) * np.log(2 * np.pi))
    return torch.stack(errors).mean(0) + beta * kld


@form("elbo", "torch's distributions, the draws as a leading axis")
def bound_of_distributions(x, eps, beta, phi, theta, encoder, decoder, likelihood):
    loc, logvar = torch.tensor_split(encoder(x, phi), 2, dim=-1)
    q = D.Independent(D.Normal(loc, (logvar / 2).exp()), 1)
    p = D.Independent(D.Normal(torch.zeros_like(loc), torch.ones_like(loc)), 1)
    z = loc + q.stddev * eps.transpose(0, 1)
    out = decoder(z.flatten(0, 1), theta).unflatten(0, (eps.shape[1], len(x)))
    law = D.Normal(out, torch.ones_like(out)) if likelihood == "gaussian" else D.Bernoulli(logits=out,
                                                                                           validate_args=False)
    return D.Independent(law, 1).log_prob(x).mean(0) - beta * D.kl_divergence(q, p)


@form("elbo", "autograd's own example of an autoencoder, without the constant",
      convention="for gaussian without the constant ½ log 2π", framework="autograd")
def bound_in_autograd(x, eps, beta, phi, theta, encoder, decoder, likelihood):
    code = encoder(x, phi)
    latents = eps.shape[2]
    mean, log_var = code[:, :latents], code[:, latents:]
    total = 0.0
    for r in range(eps.shape[1]):
        out = decoder(mean + anp.exp(log_var / 2) * eps[:, r, :], theta)
        if likelihood == "gaussian":
            total = total - 0.5 * anp.sum((x - out) ** 2, axis=1)
        else:
            total = total - anp.sum(x * anp.logaddexp(0, -out) + (1 - x) * anp.logaddexp(0, out), axis=1)
    return total / eps.shape[1] + beta * 0.5 * anp.sum(1 + log_var - mean**2 - anp.exp(log_var), axis=1)


@form("autoencoder_loss", "torch's loss with its default, a mean of squares",
      convention="mean over components, without the factor ½")
def mse_of_an_example(x, phi, theta, encoder, decoder):
    return F.mse_loss(decoder(encoder(x, phi), theta), x, reduction="none").mean(dim=1)


@form("autoencoder_loss", "half of a squared norm")
def half_of_a_norm(x, phi, theta, encoder, decoder):
    return 0.5 * (x - decoder(encoder(x, phi), theta)).pow(2).sum(-1)


@form("autoencoder_loss", "autograd's own examples", convention="without the factor ½", framework="autograd")
def squares_in_autograd(x, phi, theta, encoder, decoder):
    return anp.sum((decoder(encoder(x, phi), theta) - x) ** 2, axis=1)


@form("importance_weighted_bound", "torch's distributions, log q of the draw in its noise")
def iwae_of_distributions(x, eps, phi, theta, encoder, decoder, likelihood):
    mu, logvar = torch.chunk(encoder(x, phi), 2, dim=1)
    scale = torch.exp(0.5 * logvar).unsqueeze(1)
    z = mu.unsqueeze(1) + scale * eps
    out = decoder(z.reshape(-1, z.shape[-1]), theta).reshape(*z.shape[:2], -1)
    standard = D.Normal(torch.zeros_like(z), torch.ones_like(z))
    law = D.Normal(out, torch.ones_like(out)) if likelihood == "gaussian" else D.Bernoulli(logits=out,
                                                                                           validate_args=False)
    log_w = law.log_prob(x.unsqueeze(1)).sum(-1) + standard.log_prob(z).sum(-1)
    log_w = log_w - (standard.log_prob(eps) - scale.log()).sum(-1)
    return torch.logsumexp(log_w, dim=1) - float(np.log(eps.shape[1]))


@form("importance_weighted_bound", "torch's distributions, log q at the draw itself")
def iwae_of_the_draw(x, eps, phi, theta, encoder, decoder, likelihood):
    mu, logvar = torch.chunk(encoder(x, phi), 2, dim=1)
    posterior = D.Normal(mu.unsqueeze(1), torch.exp(0.5 * logvar).unsqueeze(1))
    z = posterior.loc + posterior.scale * eps
    out = decoder(z.reshape(-1, z.shape[-1]), theta).reshape(*z.shape[:2], -1)
    law = D.Normal(out, 1.0) if likelihood == "gaussian" else D.Bernoulli(logits=out, validate_args=False)
    log_w = law.log_prob(x.unsqueeze(1)).sum(-1) + D.Normal(0.0, 1.0).log_prob(z).sum(-1)
    log_w = log_w - posterior.log_prob(z).sum(-1)
    return torch.logsumexp(log_w, dim=1) - float(np.log(eps.shape[1]))


@form("importance_weighted_bound", "a NumPy-like loop with the largest weight taken out", convention=BOUND_LOSS,
      framework="autograd")
def iwae_in_autograd(x, eps, phi, theta, encoder, decoder, likelihood):
    code, latents, logs = encoder(x, phi), eps.shape[2], []
    mean, log_var = code[:, :latents], code[:, latents:]
    for r in range(eps.shape[1]):
        z = mean + anp.exp(log_var / 2) * eps[:, r]
        out = decoder(z, theta)
        if likelihood == "gaussian":
            log_p = -0.5 * anp.sum((x - out) ** 2 + anp.log(2 * anp.pi), axis=1)
        else:
            log_p = -anp.sum(x * anp.logaddexp(0, -out) + (1 - x) * anp.logaddexp(0, out), axis=1)
        logs.append(log_p - 0.5 * anp.sum(z**2 - eps[:, r] ** 2 - log_var, axis=1))
    logs = anp.stack(logs, axis=1)
    top = anp.max(logs, axis=1, keepdims=True)
    return -(top[:, 0] + anp.log(anp.mean(anp.exp(logs - top), axis=1)))
