"""Cases of the solver of initial-value problems."""

from refdgm.evidence.ode.problems import LIST
from refdgm.evidence.ode.problems import NOTES as NOTES

CASES = {"odeint": LIST}
