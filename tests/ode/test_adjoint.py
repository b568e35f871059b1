"""The continuous adjoint."""

from refdgm.ode.adjoint import odeint_adjoint

from ..kit import verify
from ..oracles import odeint_adjoint as oracle

TestOdeintAdjoint = verify(odeint_adjoint, oracle)
