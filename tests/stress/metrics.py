"""Metrics of samples: classifiers without doubt."""

import numpy as np

from .rows import row

NO_SCORE = "it is no score of a classifier"


@row("classifiers without doubt", "±1e4 and ±1e300: one of each class, one alone, a class that none has",
     ("inception_score",), NO_SCORE)
def without_doubt(ref):
    for dtype, sizes in ((np.float64, (1e4, 1e300)), (np.float32, (1e4, 1e37))):
        for size in sizes:
            sure = np.asarray(size * np.eye(3, 4), dtype)
            twice = np.concatenate([sure[:2], sure[:2]])
            for logits, want in ((sure, 3), (sure[:1], 1), (twice, 2), (-sure[:, :2], None)):
                value, pullback = ref.vjp(logits)
                slopes = pullback(np.ones((), dtype))["logits"]
                assert np.isfinite(value) and np.isfinite(slopes).all()
                if want:
                    np.testing.assert_allclose(value, want, rtol=1e-6)
                    np.testing.assert_allclose(slopes, 0 * logits, atol=1e-30)
