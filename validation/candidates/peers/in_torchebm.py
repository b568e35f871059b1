"""Energy and score of a model in torchebm, which returns the score without a graph; and its loss of contrastive
divergence, of a model that gives back what it is given: the energies."""

import torch
from torchebm.core import BaseModel
from torchebm.losses import ContrastiveDivergence


def contrastive_divergence_loss(energy_data, energy_model, regularization):
    loss = ContrastiveDivergence(lambda energy: energy, None, energy_reg_weight=regularization, dtype=energy_data.dtype)
    return loss.compute_loss(energy_data, energy_model)


class Network(BaseModel):
    def __init__(self, theta, activation):
        super().__init__()
        object.__setattr__(self, "theta", theta)
        self.phi = {"softplus": torch.nn.Softplus(), "silu": torch.nn.SiLU(), "tanh": torch.nn.Tanh()}[activation]

    def forward(self, h):
        depth = len(self.theta) // 2
        for n in range(1, depth + 1):
            h = torch.nn.functional.linear(h, self.theta[f"W{n}"], self.theta[f"b{n}"])
            h = self.phi(h) if n < depth else h
        return h[:, 0]


def energy_score(x, theta, *, activation):
    model = Network(theta, activation)
    return model(x), -model.gradient(x)


CANDIDATES = {
    "energy_score": {"function": energy_score, "gradients": []},
    "contrastive_divergence_loss": {"function": contrastive_divergence_loss, "framework": "torch", "reduction": "mean"},
}
