"""The distance of pytorch-fid, of features that are given, without gradients."""

from types import SimpleNamespace

import numpy as np
from bare import absent

absent("torchvision")
absent("torchvision.transforms")
absent("pytorch_fid.inception", InceptionV3=SimpleNamespace(BLOCK_INDEX_BY_DIM=()))
from pytorch_fid.fid_score import calculate_frechet_distance  # noqa: E402


def moments(features):
    """A single component has another beside it that is nothing, for of one its root of a matrix is none."""
    wide = np.pad(features, ((0, 0), (0, int(features.shape[1] == 1))))
    return np.mean(wide, axis=0), np.cov(wide, rowvar=False)


def frechet_inception_distance(real, fake):
    return calculate_frechet_distance(*moments(real), *moments(fake))


def frechet_distance(mean_p, cov_p, mean_q, cov_q):
    more = int(len(mean_p) == 1)
    wide = lambda x: np.pad(x, (0, more))
    return calculate_frechet_distance(wide(mean_p), wide(cov_p), wide(mean_q), wide(cov_q))


CANDIDATES = {
    "frechet_inception_distance": {"function": frechet_inception_distance, "framework": "numpy", "gradients": []},
    "frechet_distance": {"function": frechet_distance, "framework": "numpy", "gradients": []},
}
