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


TWO = ("gan_discriminator_loss", "hinge_discriminator_loss", "least_squares_discriminator_loss",
       "wasserstein_critic_loss")


@row("batches of any sizes", "one example beside a thousand: each batch counts as one", TWO, NOT_ADVERSARIAL)
def batches_of_any_sizes(ref):
    for b, m in ((1, 1000), (1000, 1)):
        rng = np.random.Generator(np.random.Philox(key=b))
        real, fake = rng.normal(size=b), rng.normal(size=m)
        value, pullback = ref.vjp(real, fake)
        twice, _ = ref.vjp(np.tile(real, 3), np.tile(fake, 2))
        np.testing.assert_allclose(twice, value, rtol=1e-13)
        g = pullback(np.array(1.0))
        np.testing.assert_allclose(pullback(np.array(-7.0))["fake"], -7 * g["fake"], rtol=1e-14)
        assert np.max(np.abs(g["real"])) <= 8 / b and np.max(np.abs(g["fake"])) <= 8 / m


@row("discriminators that are sure", "logits of ±1e300: zero, or as large, and slopes of zero and one",
     ("gan_discriminator_loss", "hinge_discriminator_loss"), "it is no loss with flat ends")
def sure(ref):
    for dtype, size in ((np.float64, 1e300), (np.float32, 1e37)):
        far = np.full(2, size, dtype)
        value, pullback = ref.vjp(far, -far[:1])
        assert value == 0 and not any(np.any(x) for x in pullback(np.asarray(1, dtype)).values())
        value, pullback = ref.vjp(-far, far[:1])
        np.testing.assert_allclose(value, dtype(2) * dtype(size), rtol=1e-6)
        g = pullback(np.asarray(1, dtype))
        np.testing.assert_array_equal([*g["real"], *g["fake"]], [-0.5, -0.5, 1])
