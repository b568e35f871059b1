"""Vector quantization."""

from refdgm.latent.codebook import vector_quantization

from ..kit import verify
from ..oracles import vector_quantization as oracle

TestVectorQuantization = verify(vector_quantization, oracle)
