"""Another method under the name of rk4."""

from refdgm.evidence.declare import variants
from refdgm.evidence.torchdiffeq import RULE, by_three_eighths
from refdgm.ode.odeint import odeint

three_eighths = variants(RULE, odeint)(by_three_eighths)
