"""Metrics of torchmetrics, of features that are given."""

from types import SimpleNamespace

from bare import bare

bare("torch_fidelity")  # whose __init__ asks for torchvision, and of which its Inception network is made
from torchmetrics.image.fid import FrechetInceptionDistance, _compute_fid  # noqa: E402
from torchmetrics.image.inception import InceptionScore  # noqa: E402


def inception_score(logits):
    """Of one split: that of the whole batch."""
    return InceptionScore.compute(SimpleNamespace(features=[logits], splits=1))[0]


def frechet_inception_distance(real, fake):
    """In double precision, whatever it is given; a batch is one update."""
    nothing = {f"{of}_features_{what}": 0 for of in ("real", "fake") for what in ("sum", "cov_sum", "num_samples")}
    metric = SimpleNamespace(inception=lambda features: features, normalize=False, used_custom_model=True, **nothing)
    FrechetInceptionDistance.update(metric, real, real=True)
    FrechetInceptionDistance.update(metric, fake, real=False)
    return FrechetInceptionDistance.compute(metric)


def frechet_distance(mean_p, cov_p, mean_q, cov_q):
    return _compute_fid(mean_p, cov_p, mean_q, cov_q)


CANDIDATES = {
    "inception_score": {"function": inception_score, "framework": "torch"},
    "frechet_inception_distance": {"function": frechet_inception_distance, "framework": "torch", "gradients": []},
    "frechet_distance": {"function": frechet_distance, "framework": "torch"},
}
