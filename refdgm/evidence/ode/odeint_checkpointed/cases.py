"""Cases of the solver with checkpoints."""

from refdgm.evidence.ode.problems import LIST
from refdgm.evidence.ode.problems import NOTES as NOTES

CASES = {"odeint_checkpointed": LIST}
