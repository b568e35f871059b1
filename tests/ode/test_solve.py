"""Fixed-step Runge–Kutta solves and their exact adjoint."""

from refdgm.ode.solve import odeint

from ..kit import verify
from ..oracles import odeint as oracle

TestOdeint = verify(odeint, oracle)
