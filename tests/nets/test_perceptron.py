"""The multilayer perceptron and its tangent."""

from refdgm.nets.perceptron import mlp, mlp_tangent

from ..kit import verify
from ..oracles import mlp as oracle
from ..oracles import mlp_tangent as tangent_oracle

TestMLP = verify(mlp, oracle)
TestMLPTangent = verify(mlp_tangent, tangent_oracle)
