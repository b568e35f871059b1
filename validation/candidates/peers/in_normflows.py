"""The planar layer of normflows."""

import torch
from normflows.flows.planar import Planar


def planar_transform(z, u, w, b):
    layer = Planar((z.shape[1],))
    return torch.func.functional_call(layer, {"u": u[None], "w": w[None], "b": b[None]}, (z,))


CANDIDATES = {"planar_transform": {"function": planar_transform, "fixed": {"constraint": "softplus"}}}
