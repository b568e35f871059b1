"""Cases of the continuous adjoint of the log-density."""

from refdgm.evidence.flow.problems import LIST
from refdgm.evidence.flow.problems import NOTES as OF_FLOWS
from refdgm.evidence.ode.problems import NOTES as OF_SOLVERS

NOTES = {
    **OF_SOLVERS,
    **OF_FLOWS,
}

CASES = {"cnf_log_density_adjoint": LIST}
