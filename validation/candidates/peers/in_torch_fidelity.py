"""Metrics of torch-fidelity, of features that are given; they are numbers without a graph."""

import torch
from bare import absent, bare

bare("torch_fidelity")  # whose __init__ asks for torchvision, and so do these
absent("torch_fidelity.utils")
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric  # noqa: E402
from torch_fidelity.metric_isc import isc_features_to_metric  # noqa: E402


def inception_score(logits):
    return logits.new_tensor(isc_features_to_metric(logits, splits=1)["inception_score_mean"])


def frechet_inception_distance(real, fake):
    """A single component has another beside it that is nothing, for of one it has no covariance."""
    wide = lambda features: torch.nn.functional.pad(features.detach(), (0, int(features.shape[1] == 1)))
    moments = (fid_features_to_statistics(wide(features)) for features in (real, fake))
    return real.new_tensor(fid_statistics_to_metric(*moments, False)["frechet_inception_distance"])


def frechet_distance(mean_p, cov_p, mean_q, cov_q):
    of = lambda mean, cov: {"mu": mean.detach().numpy(), "sigma": cov.detach().numpy()}
    found = fid_statistics_to_metric(of(mean_p, cov_p), of(mean_q, cov_q), False)
    return mean_p.new_tensor(found["frechet_inception_distance"])


CANDIDATES = {
    name: {"function": function, "framework": "torch", "gradients": []}
    for name, function in (("inception_score", inception_score),
                           ("frechet_inception_distance", frechet_inception_distance),
                           ("frechet_distance", frechet_distance))
}
