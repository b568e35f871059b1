"""Another method under the name of rk4."""

from refdgm.evidence.declare import variants
from refdgm.evidence.torchdiffeq import RULE, by_three_eighths
from refdgm.flow.cnf_log_density import cnf_log_density, ffjord_log_density

three_eighths = variants(RULE, cnf_log_density, ffjord_log_density)(by_three_eighths)
