"""The loss of contrastive divergence in torchebm, whose model gives back what it is given: the energies."""

from torchebm.losses import ContrastiveDivergence


def contrastive_divergence_loss(energy_data, energy_model, regularization):
    loss = ContrastiveDivergence(lambda energy: energy, None, energy_reg_weight=regularization, dtype=energy_data.dtype)
    return loss.compute_loss(energy_data, energy_model)


CANDIDATES = {
    "contrastive_divergence_loss": {"function": contrastive_divergence_loss, "framework": "torch", "reduction": "mean"},
}
