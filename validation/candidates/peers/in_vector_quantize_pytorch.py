"""The layer of vector-quantize-pytorch with a given codebook, and its draw of a code; it computes in float32."""

from unittest import mock

import torch
from vector_quantize_pytorch import VectorQuantize
from vector_quantize_pytorch import vector_quantize_pytorch as inside


def layer(codebook, weight, learnable):
    """Without moving averages and without a rotation: codes copied straight through."""
    found = VectorQuantize(codebook.shape[1], len(codebook), rotation_trick=False, ema_update=False,
                           learnable_codebook=learnable)
    del found._codebook.embed
    found._codebook.embed, found.commitment_weight = codebook[None], weight
    return found


def vector_quantization(z, codebook, beta):
    """Losses are means over all examples, and so each example is asked by itself; that of a codebook which is learned
    is the loss of a latent that is held."""
    held, learned = layer(codebook, beta, learnable=False), layer(codebook, 1.0, learnable=True)
    found = [(*held(each[None]), learned(each[None].detach())[2]) for each in z]
    quantized, code, commitment, of_codebook = zip(*found, strict=True)
    many = lambda losses: torch.stack([loss.reshape(()) for loss in losses])
    return torch.cat(code), torch.cat(quantized), many(of_codebook), many(commitment)


def gumbel_max(logits, gumbel):
    with mock.patch.object(inside, "gumbel_noise", lambda _: gumbel):
        return inside.gumbel_sample(logits, stochastic=True)[0]


FAR = {"differs": "far from the origin another code than the nearest is taken", "cases": ["016", "017"],
       "only": ["code", "quantized", "codebook_loss", "commitment_loss", "gradient.z", "gradient.codebook"]}
CANDIDATES = {
    "vector_quantization": {"function": vector_quantization, "framework": "torch", "dtype": "float32",
                            "convention": "mean over D",
                            "expect": FAR},
    "gumbel_max": {"function": gumbel_max, "framework": "torch"},
}
