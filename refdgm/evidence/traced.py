"""What the usual forms of a definition need of a library that differentiates, beyond its NumPy; it is HIPS autograd.

The plain definitions know nothing of this. Derivatives that textbooks and libraries print (of tanh, of the logistic
function, of log-sum-exp) belong to the usual form: they lose digits where they do, which is what an honest evaluation
costs."""

import math

import autograd.numpy as np
import numpy
from autograd import make_vjp
from autograd.builtins import tuple as traced_tuple
from autograd.extend import defvjp, primitive
from autograd.tracer import getval

LINEAR_BEYOND = 20  # where PyTorch's softplus(a) becomes a


def stopped(u):
    """The number alone, whatever traces it: a stopped gradient."""
    while getval(u) is not u:
        u = getval(u)
    return u


def pullback(f, *args):
    """f(*args) and its pullback, from a cotangent to one of each argument; it may itself be differentiated."""
    back, value = make_vjp(lambda every: f(*every))(traced_tuple(args))
    return value, back


def slope(f, x):
    """The gradient of the sum of f(x), of every example by itself."""
    back, y = make_vjp(f)(x)
    return back(np.ones(y.shape))


def with_trace(f, x):
    """f(x) and the trace of its Jacobian, of every example."""
    back, y = make_vjp(f)(x)
    return y, sum(back(np.eye(x.shape[1])[d] * np.ones(x.shape))[:, d] for d in range(x.shape[1]))


def with_quadratic_forms(f, x, probe):
    """f(x) and, for every direction v in turn, v and vᵀ(∂f/∂x)v."""
    back, y = make_vjp(f)(x)
    ways = [probe[:, r] for r in range(probe.shape[1])]
    return y, [(v, np.sum(back(v) * v, axis=1)) for v in ways]


tanh = primitive(lambda a: np.tanh(a))
defvjp(tanh, lambda y, a: lambda g: g * (1 - y**2))

sigmoid = primitive(lambda a: 1 / (1 + np.exp(-a)))
defvjp(sigmoid, lambda y, a: lambda g: g * y * (1 - y))


def _of_libm(f):
    """A function of Python's own mathematics, of every element, in the dtype that came."""
    each = numpy.vectorize(f, otypes=[float])
    return primitive(lambda a: numpy.asarray(each(a)).astype(numpy.asarray(a).dtype))


erf, erfc = _of_libm(math.erf), _of_libm(math.erfc)
defvjp(erf, lambda y, a: lambda g: g * 2 / np.sqrt(np.pi) * np.exp(-a * a))
defvjp(erfc, lambda y, a: lambda g: -g * 2 / np.sqrt(np.pi) * np.exp(-a * a))


def softplus(a):
    return np.logaddexp(0.0, a)


def linear_softplus(a):
    """As PyTorch has it, which is no mistake."""
    return np.where(a > LINEAR_BEYOND, a, np.logaddexp(0.0, a))


def linear_softplus_slope(a):
    return np.where(a > LINEAR_BEYOND, 1.0, sigmoid(a))


def rectified(a):
    return np.where(a > 0, a, 0.0)  # np.maximum shares its slope at 0


def below_the_largest(u, axis):
    return u - np.max(stopped(u), axis=axis, keepdims=True)


def _log_sum_exp(u, axis):
    return np.log(np.sum(np.exp(below_the_largest(u, axis)), axis=axis)) + np.max(u, axis=axis)


# e^(u − A), which errs by the rounding of A.
log_sum_exp = primitive(_log_sum_exp)
defvjp(log_sum_exp, lambda y, u, axis: lambda g: np.expand_dims(g, axis) * np.exp(u - np.expand_dims(y, axis)))
