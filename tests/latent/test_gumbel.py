"""Gumbel-max, Gumbel-softmax and the straight-through estimator."""

from refdgm.latent.gumbel import gumbel_max, gumbel_softmax, straight_through_gumbel_softmax

from ..kit import verify
from ..oracles import gumbel_max as max_oracle
from ..oracles import gumbel_softmax as softmax_oracle
from ..oracles import straight_through_gumbel_softmax as straight_through_oracle

TestGumbelMax = verify(gumbel_max, max_oracle)
TestGumbelSoftmax = verify(gumbel_softmax, softmax_oracle)
TestStraightThrough = verify(straight_through_gumbel_softmax, straight_through_oracle)
