"""Another method under the name of rk4."""

from refdgm.evidence.declare import variants
from refdgm.evidence.torchdiffeq import RULE, by_three_eighths
from refdgm.ode.odeint_running_cost import odeint_running_cost

three_eighths = variants(RULE, odeint_running_cost)(by_three_eighths)
