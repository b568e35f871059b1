"""Losses and games of adversarial networks."""

import torch
import torch.nn.functional as F


def gan_generator_loss(fake, *, objective):
    if objective == "probability":
        return -torch.sigmoid(fake)
    return F.logsigmoid(-fake) if objective == "minimax" else -F.logsigmoid(fake)
