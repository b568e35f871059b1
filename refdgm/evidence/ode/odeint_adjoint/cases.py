"""Cases of the continuous adjoint of the solver."""

from refdgm.evidence.ode.problems import LIST
from refdgm.evidence.ode.problems import NOTES as NOTES

CASES = {"odeint_adjoint": LIST}
