"""Another method under the name of rk4."""

from refdgm.evidence.declare import variants
from refdgm.evidence.torchdiffeq import RULE, by_three_eighths
from refdgm.ode.odeint_checkpointed import odeint_checkpointed

three_eighths = variants(RULE, odeint_checkpointed)(by_three_eighths)
