"""Losses of adversarial networks: logits far out."""

import numpy as np

from .rows import row

NOT_ADVERSARIAL = "it is no loss of an adversarial network"


@row("logits of samples without end", "±20 … ±1e4 and ±∞: the small one of two tails to its last digits, the limits",
     ("gan_generator_loss",), NOT_ADVERSARIAL)
def samples_without_end(ref):
    for dtype, deepest in ((np.float64, 744.0), (np.float32, 103.0)):
        a = np.asarray([20.0, 37.0, 88.0, deepest, 1e4, np.inf], dtype)
        small, eps, least = np.exp(-a.astype(np.longdouble)), np.finfo(dtype).eps, np.finfo(dtype).smallest_subnormal
        for objective, side in (("minimax", -1), ("non_saturating", 1), ("probability", -1)):
            value, pullback = ref.vjp(side * a, objective=objective)
            slope = pullback(np.ones_like(a))["fake"]
            tail = small / (1 + small) if objective == "probability" else np.log1p(small)
            assert (np.abs(value - side * tail) <= 3 * eps * small + least).all()
            rate = small / (1 + small) ** (2 if objective == "probability" else 1)
            assert (np.abs(slope + rate) <= 3 * eps * small + least).all()
            value, pullback = ref.vjp(-side * a, objective=objective)
            slope = pullback(np.ones_like(a))["fake"]
            if objective == "probability":
                np.testing.assert_allclose(value, -1, rtol=1e-7)
                assert (np.abs(slope + rate) <= 3 * eps * small + least).all()
            else:
                np.testing.assert_allclose(value, side * a, rtol=1e-7)
                np.testing.assert_allclose(slope, -1, rtol=1e-7)
