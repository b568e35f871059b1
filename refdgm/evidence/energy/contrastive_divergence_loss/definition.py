"""The difference of two energies, and a penalty of both."""


def contrastive_divergence_loss(xp, energy_data, energy_model, regularization):
    return energy_data - energy_model + regularization * (energy_data**2 + energy_model**2)


def contrastive_divergence_loss__factored(xp, energy_data, energy_model, regularization):
    """Each energy times what it has in common with its square."""
    return energy_data * (1 + regularization * energy_data) - energy_model * (1 - regularization * energy_model)
