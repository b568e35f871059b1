"""Another method under the name of rk4."""

from refdgm.evidence.declare import variants
from refdgm.evidence.torchdiffeq import RULE, by_three_eighths
from refdgm.flow.probability_flow import probability_flow

three_eighths = variants(RULE, probability_flow)(by_three_eighths)
