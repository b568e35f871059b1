"""Euler's method of torchsde, its Brownian motion that of the question; and its bridge, whose noise is."""

from unittest import mock

import torch
from torchsde import BrownianInterval, SDEIto, sdeint
from torchsde._brownian import BaseBrownian


class Given(BaseBrownian):
    """Increments that were drawn before."""

    def __init__(self, increment):
        super().__init__()
        self.increment = increment

    def __call__(self, ta, tb=None, return_U=False, return_A=False):
        return self.increment

    def __repr__(self):
        return "Given"

    dtype = property(lambda self: self.increment.dtype)
    device = property(lambda self: self.increment.device)
    shape = property(lambda self: self.increment.shape)
    levy_area_approximation = "none"


class Equation(SDEIto):
    def __init__(self, drift, diffusion):
        super().__init__(noise_type="diagonal")
        self.f, self.g = drift, lambda t, x: diffusion * torch.ones_like(x)


def euler_maruyama(x, eps, times, h, diffusion, theta, *, drift):
    for n in range(len(h)):
        equation = Equation(lambda t, z, n=n: drift(z, times[n], theta), diffusion[n])
        ends = torch.stack([0 * h[n], h[n]]).detach()  # it has no gradient of a length
        x = sdeint(equation, x, ends, bm=Given(h[n].sqrt() * eps[:, n]), method="euler", dt=float(h[n]))[-1]
    return x


def brownian_bridge(left, right, eps, h, share):
    """Times are numbers to it, which has no gradient of them."""
    points = []
    for n in range(len(left)):
        with mock.patch("torchsde._brownian.brownian_interval._randn", lambda *_, n=n, **__: eps[n:n + 1]):
            motion = BrownianInterval(0.0, float(h[n]), W=(right - left)[n:n + 1], dtype=left.dtype)
            points.append(left[n:n + 1] + motion(0.0, float(share[n] * h[n])))
    return torch.cat(points)


CANDIDATES = {
    "euler_maruyama": {"function": euler_maruyama, "gradients": ["x", "times", "diffusion", "theta"]},
    "brownian_bridge": {"function": brownian_bridge, "gradients": ["left", "right"]},
}
