"""The loss of contrastive divergence in torchebm, whose model gives back what it is given: the energies."""

from torchebm.losses import ContrastiveDivergence

WEIGHT = 0.375  # it has no penalty below zero


def contrastive_divergence_loss(energy_data, energy_model):
    loss = ContrastiveDivergence(lambda energy: energy, None, energy_reg_weight=WEIGHT, dtype=energy_data.dtype)
    return loss.compute_loss(energy_data, energy_model)


CANDIDATES = {
    "contrastive_divergence_loss": {"function": contrastive_divergence_loss, "framework": "torch", "reduction": "mean",
                                    "fixed": {"regularization": WEIGHT}},
}
