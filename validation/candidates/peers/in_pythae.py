"""Models of pythae whose encoder and decoder are the question's, and whose noise is given; and its planar layer."""

from math import log, pi
from unittest import mock

from pythae.models import AE, IWAE, AEConfig, BetaVAE, BetaVAEConfig, IWAEConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.models.normalizing_flows import PlanarFlow, PlanarFlowConfig


class Encoder(BaseEncoder):
    def __init__(self, field, parameters, law):
        super().__init__()
        object.__setattr__(self, "told", (field, parameters, law))

    def forward(self, x):
        field, parameters, law = self.told
        code = field(x, parameters)
        mean, logvar = code.chunk(2, -1) if law else (code, None)
        return ModelOutput(embedding=mean, log_covariance=logvar)


class Decoder(BaseDecoder):
    def __init__(self, field, parameters):
        super().__init__()
        object.__setattr__(self, "told", (field, parameters))

    def forward(self, z):
        field, parameters = self.told
        return ModelOutput(reconstruction=field(z, parameters))


def model(kind, config, x, phi, theta, encoder, decoder, **told):
    """Of a law told only where there is one: an autoencoder has no latents of its own."""
    settings = config(input_dim=(x.shape[1],), **told)
    return kind(settings, Encoder(encoder, phi, bool(told)), Decoder(decoder, theta))


def loss(model, x, noise):
    draws = iter(noise)
    with mock.patch("torch.randn_like", lambda like: next(draws)):
        return model({"data": x}).loss


def elbo(x, eps, beta, phi, theta, *, encoder, decoder):
    of_beta = model(BetaVAE, BetaVAEConfig, x, phi, theta, encoder, decoder, latent_dim=eps.shape[2])
    of_beta.beta = beta
    return sum(loss(of_beta, x, [draw]) for draw in eps.unbind(1)) / eps.shape[1]


def importance_weighted_bound(x, eps, phi, theta, *, encoder, decoder):
    """With the constant of its Gaussian law, which its loss leaves out."""
    _, many, latent_dim = eps.shape
    weighted = model(IWAE, IWAEConfig, x, phi, theta, encoder, decoder, latent_dim=latent_dim, number_samples=many)
    return loss(weighted, x, [eps]) + x.shape[1] / 2 * log(2 * pi)


def autoencoder_loss(x, phi, theta, *, encoder, decoder):
    return loss(model(AE, AEConfig, x, phi, theta, encoder, decoder), x, [])


def planar_transform(z, u, w, b):
    flow = PlanarFlow(PlanarFlowConfig(input_dim=(z.shape[1],), activation="tanh"))
    del flow.w, flow.u, flow.b
    flow.w, flow.u, flow.b = w[None], u[None], b[None]
    out = flow(z)
    return out.out, out.log_abs_det_jac.reshape(len(z))


MEAN, SQUARES = {"framework": "torch", "reduction": "mean"}, {"fixed": {"likelihood": "gaussian"}}
NEGATIVE = "the negative bound, a loss"
CANDIDATES = {
    "elbo": {"function": elbo, **MEAN, **SQUARES,
             "convention": f"for gaussian without the constant ½ log 2π; {NEGATIVE}"},
    "importance_weighted_bound": {"function": importance_weighted_bound, **MEAN, **SQUARES, "convention": NEGATIVE},
    "autoencoder_loss": {"function": autoencoder_loss, **MEAN, "convention": "without the factor ½"},
    "planar_transform": {"function": planar_transform, "framework": "torch", "fixed": {"constraint": "none"}},
}
