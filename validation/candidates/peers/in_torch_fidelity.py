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


CANDIDATES = {
    name: {"function": function, "framework": "torch", "gradients": []}
    for name, function in (("inception_score", inception_score),
                           ("frechet_inception_distance", frechet_inception_distance))
}
