"""Forms of what adversarial networks are trained with."""

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("gan_generator_loss", "cross-entropy with logits and a tensor of labels")
def generator_by_labels(fake, *, objective):
    entropy = lambda label: F.binary_cross_entropy_with_logits(fake, torch.full_like(fake, label), reduction="none")
    if objective == "probability":
        return -fake.sigmoid()
    return -entropy(0.0) if objective == "minimax" else entropy(1.0)


@form("gan_generator_loss", "softplus, as StyleGAN's code has it; −D beside it")
def generator_by_softplus(fake, *, objective):
    if objective == "minimax":
        return -F.softplus(fake)
    return F.softplus(-fake) if objective == "non_saturating" else -torch.sigmoid(fake)


@form("gan_generator_loss", "autograd, by log-add-exp", framework="autograd")
def generator_in_autograd(fake, *, objective):
    if objective == "minimax":
        return -anp.logaddexp(0.0, fake)
    return anp.logaddexp(0.0, -fake) if objective == "non_saturating" else -0.5 * (1 + anp.tanh(0.5 * fake))


@form("gan_generator_loss", "by hand, a logistic function of two branches", framework="numpy")
def generator_by_hand(fake, *, objective):
    small = np.exp(-np.abs(fake))
    p = np.where(fake >= 0, 1 / (1 + small), small / (1 + small))
    q = np.where(fake >= 0, small / (1 + small), 1 / (1 + small))
    if objective == "minimax":
        return -np.logaddexp(0, fake).astype(fake.dtype), lambda bar: {"fake": -bar * p}
    if objective == "non_saturating":
        return np.logaddexp(0, -fake).astype(fake.dtype), lambda bar: {"fake": -bar * q}
    return -p, lambda bar: {"fake": -bar * p * q}
