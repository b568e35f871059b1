"""Forms of bounds given a condition or of codes, and of the distance of normal laws."""

import math

import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


def likelihood_of(x, out, likelihood):
    if likelihood == "bernoulli":
        return -F.binary_cross_entropy_with_logits(out, x, reduction="none").sum(-1)
    return -((x - out) ** 2).sum(-1) / 2 - x.shape[-1] * math.log(2 * math.pi) / 2


@form("conditional_elbo", "a loop over draws, the divergence written out, as a loss",
      convention="the negative bound, a loss")
def cvae_loss(x, y, eps, phi, theta, psi, *, encoder, decoder, prior, likelihood):
    mu, logvar = torch.split(encoder(torch.cat((x, y), dim=1), phi), eps.shape[-1], dim=1)
    mu_p, logvar_p = torch.split(prior(y, psi), eps.shape[-1], dim=1)
    std, total = torch.exp(0.5 * logvar), 0
    for r in range(eps.shape[1]):
        z = mu + eps[:, r] * std
        total = total + likelihood_of(x, decoder(torch.cat((z, y), dim=1), theta), likelihood)
    kl = 0.5 * (logvar_p - logvar - 1 + (logvar.exp() + (mu - mu_p) ** 2) / logvar_p.exp()).sum(1)
    return kl - total / eps.shape[1]


@form("vq_vae_elbo", "distances by cdist, codes by one-hot rows")
def vq_bound(x, z, codebook, theta, *, decoder, likelihood):
    nearest = torch.cdist(z, codebook, compute_mode="donot_use_mm_for_euclid_dist").argmin(-1)
    picked = F.one_hot(nearest, len(codebook)).to(codebook.dtype) @ codebook
    rate = z.shape[1] * math.log(len(codebook))
    return likelihood_of(x, decoder(picked.reshape(len(x), -1), theta), likelihood) - rate


@form("frechet_distance", "the nuclear norm of a product of Cholesky's factors")
def frechet_of_factors(mean_p, cov_p, mean_q, cov_q):
    p, q = (torch.linalg.cholesky((c + c.mT) / 2) for c in (cov_p, cov_q))
    cross = torch.linalg.svdvals(p.mT @ q).sum()
    return (mean_p - mean_q).pow(2).sum() + cov_p.trace() + cov_q.trace() - 2 * cross
