"""The mean log-likelihood of the draws, less β times the divergence of the encoder's law from N(0, I)."""

from refdgm.evidence.primitives.bernoulli_log_likelihood.definition import (
    bernoulli_log_likelihood,
    bernoulli_log_likelihood__linear,
    bernoulli_log_likelihood__usual,
)


def normal(xp, x, mean):
    """log N(x; mean, I), component by component added up."""
    return -xp.sum((x - mean) ** 2 / 2 + xp.log(2 * xp.pi) / 2, axis=1)


def elbo(xp, x, eps, beta, phi, theta, *, encoder, decoder, likelihood, of_choices=bernoulli_log_likelihood):
    """One draw after the other."""
    code, size, many = encoder(x, phi), eps.shape[2], eps.shape[1]
    mean, variance = code[:, :size], xp.exp(code[:, size:])
    divergence = xp.sum(variance + mean**2 - 1 - code[:, size:], axis=1) / 2
    given = [decoder(mean + xp.sqrt(variance) * eps[:, r], theta) for r in range(many)]
    each = [of_choices(xp, out, x) if likelihood == "bernoulli" else normal(xp, x, out) for out in given]
    return sum(each) / many - beta * divergence


def elbo__usual(xp, x, eps, beta, phi, theta, *, encoder, decoder, likelihood,
                of_choices=bernoulli_log_likelihood__usual):
    """All draws through the decoder together, as so many examples."""
    code, (batch, many, size) = encoder(x, phi), eps.shape
    mean, logvar = code[:, :size], code[:, size:]
    z = mean[:, None] + eps * xp.exp(logvar / 2)[:, None]
    out = decoder(xp.reshape(z, (batch * many, size)), theta)
    again = xp.reshape(xp.stack([x] * many, axis=1), out.shape)
    each = of_choices(xp, out, again) if likelihood == "bernoulli" else normal(xp, again, out)
    divergence = -xp.sum(1 + logvar - mean**2 - xp.exp(logvar), axis=1) / 2
    return xp.sum(xp.reshape(each, (batch, many)), axis=1) / many - beta * divergence


def elbo__linear(xp, x, eps, beta, phi, theta, **options):
    return elbo__usual(xp, x, eps, beta, phi, theta, of_choices=bernoulli_log_likelihood__linear, **options)
