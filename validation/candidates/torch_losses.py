"""Every reference in PyTorch, by torch's own functions where they exist.

The noise of `torch.nn.functional.gumbel_softmax` is drawn inside; here it is handed in through the one
method by which that function draws it.
"""

import functools
import math
from types import SimpleNamespace
from unittest import mock

import torch
import torch.nn.functional as F
from torch.distributions import (
    Categorical,
    MixtureSameFamily,
    MultivariateNormal,
    Normal,
    RelaxedOneHotCategorical,
    kl_divergence,
)
from torch.utils.checkpoint import checkpoint


def gaussian_kl(mean, logvar):
    q = Normal(mean, (logvar / 2).exp())
    return kl_divergence(q, Normal(torch.zeros_like(mean), torch.ones_like(mean))).sum(-1)


def gaussian_kl_between(mean_q, logvar_q, mean_p, logvar_p):
    return kl_divergence(Normal(mean_q, (logvar_q / 2).exp()), Normal(mean_p, (logvar_p / 2).exp())).sum(-1)


def gumbel_max(logits, gumbel):
    return (logits + gumbel).argmax(-1)


def with_noise(gumbel, function, *args, **options):
    """Call `function`, whose noise is -log E for exponential E: here log E is -g, without the rounding of e^{-g}."""

    def exponential_(self, *_, **__):
        return SimpleNamespace(log=lambda: -gumbel)

    with mock.patch.object(torch.Tensor, "exponential_", exponential_):
        return function(*args, **options)


def gumbel_softmax(logits, gumbel, tau):
    return with_noise(gumbel, F.gumbel_softmax, logits, tau=tau, dim=-1)


def straight_through_gumbel_softmax(logits, gumbel, tau):
    return with_noise(gumbel, F.gumbel_softmax, logits, tau=tau, hard=True, dim=-1)


def vector_quantization(z, codebook, beta):
    code = (z[:, None] - codebook[None]).detach().square().sum(-1).argmin(-1)
    chosen = F.embedding(code, codebook)
    return {
        "code": code,
        "quantized": z + (chosen - z).detach(),
        "codebook_loss": F.mse_loss(chosen, z.detach(), reduction="none").sum(-1),
        "commitment_loss": beta * F.mse_loss(z, chosen.detach(), reduction="none").sum(-1),
    }


ACTIVATIONS = {"tanh": torch.tanh, "softplus": F.softplus, "silu": F.silu, "relu": F.relu}


def mlp(x, theta, *, activation):
    depth = len(theta) // 2
    for layer in range(1, depth):
        x = ACTIVATIONS[activation](F.linear(x, theta[f"W{layer}"], theta[f"b{layer}"]))
    return F.linear(x, theta[f"W{depth}"], theta[f"b{depth}"])


def mlp_tangent(x, x_dot, theta, *, activation):
    def along(direction):
        return torch.func.jvp(lambda x: mlp(x, theta, activation=activation), (x,), (direction,))[1]

    return mlp(x, theta, activation=activation), torch.stack([along(d) for d in x_dot.unbind(1)], 1)


def implicit_score_matching(x, theta, *, score):
    s = score(x, theta)
    rows = [torch.autograd.grad(s[:, d].sum(), x, create_graph=True)[0][:, d] for d in range(x.shape[1])]
    return s.square().sum(-1) / 2 + sum(rows)


def step(f, z, t, h, method):
    k1 = f(z, t)
    if method == "euler":
        return z + h * k1
    if method == "heun":
        return z + h * (k1 + f(z + h * k1, t + h)) / 2
    if method == "midpoint":
        return z + h * f(z + h * k1 / 2, t + h / 2)
    k2 = f(z + h * k1 / 2, t + h / 2)
    k3 = f(z + h * k2 / 2, t + h / 2)
    return z + h * (k1 + 2 * k2 + 2 * k3 + f(z + h * k3, t + h)) / 6


def odeint(z0, t0, t1, theta, *, velocity, method, steps):
    z, h = z0, (t1 - t0) / steps
    for n in range(steps):
        z = step(lambda z, t: velocity(z, t, theta), z, t0 + n * h, h, method)
    return z


class Adjoint(torch.autograd.Function):
    """The state alone is kept; the backward pass integrates it, its adjoint and the parameters' gradients back."""

    @staticmethod
    def forward(ctx, names, velocity, method, steps, z0, t0, t1, *values):
        theta = dict(zip(names, values, strict=True))
        z1 = odeint(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
        ctx.static = names, velocity, method, steps
        ctx.save_for_backward(z1, t0, t1, *values)
        return z1

    @staticmethod
    def backward(ctx, z1_bar):
        names, velocity, method, steps = ctx.static
        z1, t0, t1, *values = ctx.saved_tensors
        theta = dict(zip(names, values, strict=True))
        shapes = [z1.shape, z1.shape, *(v.shape for v in values)]

        def split(state):
            return [p.reshape(s) for p, s in zip(state.split([s.numel() for s in shapes]), shapes, strict=True)]

        def backwards(state, t):
            z, a, *_ = split(state)
            f, back = torch.func.vjp(lambda z, theta: velocity(z, t, theta), z, theta)
            z_bar, theta_bar = back(a)
            return torch.cat([p.reshape(-1) for p in (f, -z_bar, *(-theta_bar[name] for name in names))])

        h = (t1 - t0) / steps
        state = torch.cat([p.reshape(-1) for p in (z1, z1_bar, *map(torch.zeros_like, values))])
        for n in range(steps):
            state = step(backwards, state, t1 - n * h, -h, method)
        z, a, *theta_bar = split(state)
        t0_bar, t1_bar = -(a * velocity(z, t0, theta)).sum(), (z1_bar * velocity(z1, t1, theta)).sum()
        return None, None, None, None, a, t0_bar, t1_bar, *theta_bar


def odeint_adjoint(z0, t0, t1, theta, *, velocity, method, steps):
    return Adjoint.apply(tuple(theta), velocity, method, steps, z0, t0, t1, *theta.values())


def classifier_free_guidance(eps_cond, eps_uncond, gamma):
    return torch.lerp(eps_uncond, eps_cond, gamma)


# --- primitives ---


def log_sum_exp(logits):
    return torch.logsumexp(logits, -1)


def softmax(logits):
    return F.softmax(logits, -1)


def log_softmax(logits):
    return F.log_softmax(logits, -1)


def softplus(x):
    return F.softplus(x)


def log_sigmoid(x):
    return F.logsigmoid(x)


def gaussian_log_density(x, mean, logvar):
    return Normal(mean, (logvar / 2).exp()).log_prob(x).sum(-1)


# --- relaxations ---


def concrete_log_density(c, logits, tau):
    return RelaxedOneHotCategorical(tau, logits=logits, validate_args=False).log_prob(c)


def relaxed_codebook(c, codebook):
    return c @ codebook


# --- layers ---


def affine(x, W, b):
    return F.linear(x, W, b)


def sinusoidal_embedding(t, *, features, spacing):
    half = features // 2
    n = half if spacing == "half" else max(half - 1, 1)
    omega = torch.exp(-math.log(10000.0) * torch.arange(half, dtype=t.dtype, device=t.device) / n)
    angle = torch.outer(t, omega)
    return torch.cat([angle.sin(), angle.cos()], -1)


# --- score ---


def fisher_divergence(score, target):
    return F.mse_loss(score, target, reduction="none").reshape(len(score), -1).sum(-1) / 2


def denoising_score_matching(score, eps, sigma):
    level = sigma.reshape(-1, *[1] * (score.dim() - 1))
    return fisher_divergence(score, -eps / level)


def noise_conditional_score_matching(score, eps, sigma):
    level = sigma.reshape(-1, *[1] * (score.dim() - 1))
    return fisher_divergence(level * score, -eps)


def implicit_score_matching_shallow(x, theta, *, activation):
    return implicit_score_matching(x, theta, score=lambda x, theta: mlp(x, theta, activation=activation))


def sliced_terms(x, probe, theta, score):
    """s, v·s and v·∇(v·s), the double backward pass as it is usually written, direction by direction."""
    s, along, forms = score(x, theta), [], []
    for v in probe.unbind(1):
        along.append((s * v).sum(-1))
        forms.append((torch.autograd.grad(along[-1].sum(), x, create_graph=True)[0] * v).sum(-1))
    return s, torch.stack(along, 1), torch.stack(forms, 1)


def sliced_score_matching(x, probe, theta, *, score):
    _, along, forms = sliced_terms(x, probe, theta, score)
    return (along.square() / 2 + forms).mean(1)


def sliced_score_matching_vr(x, probe, theta, *, score):
    s, _, forms = sliced_terms(x, probe, theta, score)
    return s.square().sum(-1) / 2 + forms.mean(1)


# --- sampling and guidance of diffusion models ---


def per_example(c, x):
    return c.reshape(-1, *[1] * (x.ndim - 1))


def ancestral_step(xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    """Through the predicted x0 and the posterior of x_{t-1} given both, as samplers have it."""
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    now = (1 - beta) * before
    x0 = (1 / now).sqrt() * xt - (1 / now - 1).sqrt() * eps_pred
    mean = before.sqrt() * beta / (1 - now) * x0 + (1 - beta).sqrt() * (1 - before) / (1 - now) * xt
    return mean + (beta * (1 - before) / (1 - now) if variance == "posterior" else beta).sqrt() * noise


def strided_schedule(beta, *, steps, spacing):
    train, up = len(beta), torch.arange(steps, dtype=torch.float64, device=beta.device)
    if spacing == "leading":
        visited = up * (train // steps)
    elif spacing == "linspace":
        visited = torch.round(up * (train - 1) / max(steps - 1, 1))
    else:
        visited = torch.round((up + 1) * train / steps) - 1
    visited = visited.flip(0).long()
    alpha_prod = (1 - beta).cumprod(0)[visited]
    before = F.pad(alpha_prod[1:], (0, 1), value=1.0)
    return {"timestep": visited, "beta": 1 - alpha_prod / before, "alpha_prod": alpha_prod, "alpha_prod_prev": before}


def ddim_step(xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    alpha_prod = (1 - beta) * before
    variance = (1 - before) / (1 - alpha_prod) * (1 - alpha_prod / before)
    x0 = (xt - (1 - alpha_prod).sqrt() * eps_pred) / alpha_prod.sqrt()
    direction = (1 - before - eta.square() * variance).sqrt() * eps_pred
    return before.sqrt() * x0 + direction + eta * variance.sqrt() * noise


def classifier_guidance(eps_pred, log_prob_grad, alpha_prod, gamma):
    return torch.addcmul(eps_pred, gamma * log_prob_grad, (1 - per_example(alpha_prod, eps_pred)).sqrt(), value=-1)


def guidance_rescale(guided, cond, phi):
    axes = tuple(range(1, guided.ndim))
    rescaled = guided * (cond.std(axes, keepdim=True) / guided.std(axes, keepdim=True))
    return phi * rescaled + (1 - phi) * guided


# --- stochastic differential equations ---


def probability_flow_drift(drift, score, diffusion):
    return torch.addcmul(drift, per_example(diffusion, drift).square(), score, value=-0.5)


def sde_coefficients(t, low, high, *, process):
    if process == "ve":
        return {"slope": torch.zeros_like(t), "diffusion": low * (high / low) ** t * (2 * (high / low).log()).sqrt()}
    beta = torch.lerp(low, high, t)
    if process == "vp":
        return {"slope": -0.5 * beta, "diffusion": beta.sqrt()}
    integral = t * torch.lerp(low, high, t / 2)
    return {"slope": -0.5 * beta, "diffusion": (beta * -torch.expm1(-2 * integral)).sqrt()}


# --- ode ---


def residual_block(z, theta, *, branch):
    return torch.add(z, branch(z, theta))


def odeint_checkpointed(z0, t0, t1, theta, *, velocity, method, steps):
    z, h = z0, (t1 - t0) / steps
    for n in range(steps):
        z = checkpoint(
            lambda z, t: step(lambda z, t: velocity(z, t, theta), z, t, h, method), z, t0 + n * h, use_reentrant=False
        )
    return z


def odeint_running_cost(z0, t0, t1, theta, *, velocity, cost, method, steps):
    def pair_rate(pair, t):
        z = pair[:, :-1]
        f = velocity(z, t, theta)
        r = (f if cost == "kinetic" else z).square().sum(-1, keepdim=True) / 2
        return torch.cat([f, r], -1)

    pair, h = F.pad(z0, (0, 1)), (t1 - t0) / steps
    for n in range(steps):
        pair = step(pair_rate, pair, t0 + n * h, h, method)
    return {"z1": pair[:, :-1], "cost": pair[:, -1]}


DOPRI5 = (  # times of the stages, and what each weighs in the later ones; the last row is the step itself
    (1 / 5, (1 / 5,)),
    (3 / 10, (3 / 40, 9 / 40)),
    (4 / 5, (44 / 45, -56 / 15, 32 / 9)),
    (8 / 9, (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729)),
    (1, (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656)),
    (1, (35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84)),
)


def dopri5_steps(z0, times, theta, *, velocity):
    z = z0
    for t, h in zip(times, times.diff(), strict=False):
        slopes = [velocity(z, t, theta)]
        for c, row in DOPRI5:
            inner = z + h * sum(a * k for a, k in zip(row, slopes, strict=True))
            slopes.append(velocity(inner, t + c * h, theta))  # the last one is of no use here
        z = inner
    return z
# --- flow ---


def jacobian_trace(x, theta, *, score):
    s = score(x, theta)
    rows = [torch.autograd.grad(s[:, d].sum(), x, create_graph=True)[0][:, d] for d in range(x.shape[1])]
    return sum(rows)


def hutchinson_trace(x, probe, theta, *, score):
    s = score(x, theta)
    products = [torch.autograd.grad(s, x, v, create_graph=True)[0].mul(v).sum(-1) for v in probe.unbind(1)]
    return torch.stack(products).mean(0)


def density_along(x, directions, t0, t1, theta, velocity, method, steps, solver=odeint):
    """The state and the mean of vᵀJv over the directions, from the data back to a standard normal."""

    def both(state, t, theta):
        along = functools.partial(torch.func.jvp, lambda z: velocity(z, t, theta), (state[:, :-1],))
        f = velocity(state[:, :-1], t, theta)
        products = [along((v,))[1].mul(v).sum(-1) for v in directions]
        return torch.cat([f, torch.stack(products).mean(0)[:, None]], 1)

    state = solver(F.pad(x, (0, 1)), t1, t0, theta, velocity=both, method=method, steps=steps)
    z0 = state[:, :-1]
    return Normal(torch.zeros_like(z0), torch.ones_like(z0)).log_prob(z0).sum(-1) + state[:, -1]


def cnf_log_density(x, t0, t1, theta, *, velocity, method, steps, solver=odeint):
    size = x.shape[1]
    axes = torch.eye(size, dtype=x.dtype)[:, None].expand(size, *x.shape).mul(size**0.5)
    return density_along(x, axes.unbind(0), t0, t1, theta, velocity, method, steps, solver)


def cnf_log_density_adjoint(x, t0, t1, theta, *, velocity, method, steps):
    return cnf_log_density(x, t0, t1, theta, velocity=velocity, method=method, steps=steps, solver=odeint_adjoint)


def ffjord_log_density(x, probe, t0, t1, theta, *, velocity, method, steps):
    return density_along(x, probe.unbind(1), t0, t1, theta, velocity, method, steps)
# --- diffusion: the forward process ---


def every(number, x):
    return number.reshape(-1, *[1] * (x.ndim - 1))


def forward_marginal(x0, eps, alpha_prod):
    return every(alpha_prod.sqrt(), x0) * x0 + every((1 - alpha_prod).sqrt(), x0) * eps


def x0_from_eps(xt, eps, alpha_prod):
    return every(alpha_prod.rsqrt(), xt) * xt - every((1 / alpha_prod - 1).sqrt(), xt) * eps


def eps_from_x0(xt, x0, alpha_prod):
    return (xt - every(alpha_prod.sqrt(), xt) * x0) * every((1 - alpha_prod).rsqrt(), xt)


def v_from_x0_eps(x0, eps, alpha_prod):
    return every(alpha_prod.sqrt(), x0) * eps - every((1 - alpha_prod).sqrt(), x0) * x0


def x0_from_v(xt, v, alpha_prod):
    return every(alpha_prod.sqrt(), xt) * xt - every((1 - alpha_prod).sqrt(), xt) * v


def eps_from_v(xt, v, alpha_prod):
    return every(alpha_prod.sqrt(), xt) * v + every((1 - alpha_prod).sqrt(), xt) * xt


def score_from_eps(eps, alpha_prod):
    return -every((1 - alpha_prod).rsqrt(), eps) * eps


def eps_from_score(score, alpha_prod):
    return -every((1 - alpha_prod).sqrt(), score) * score


# --- diffusion: objectives ---


def simple_loss(prediction, x0, eps, alpha_prod, *, target):
    y = {"eps": eps, "x0": x0, "v": v_from_x0_eps(x0, eps, alpha_prod)}[target]
    return F.mse_loss(prediction, y, reduction="none").reshape(len(y), -1).sum(-1)


def diffusion_posterior(xt, x0, beta, alpha_prod_prev):
    after = (1 - beta) * alpha_prod_prev
    first = alpha_prod_prev.sqrt() * beta / (1 - after)
    second = (1 - beta).sqrt() * (1 - alpha_prod_prev) / (1 - after)
    mean = every(first, x0) * x0 + every(second, xt) * xt
    return {"mean": mean, "variance": (1 - alpha_prod_prev) / (1 - after) * beta}


def of_examples(x):
    return x.reshape(len(x), -1).sum(-1)


def variational_loss(prediction, eps, beta, alpha_prod_prev, *, variance):
    """The KL of two posteriors with their means in full, for x0 = 0."""
    before, after = alpha_prod_prev, (1 - beta) * alpha_prod_prev
    posterior = (1 - before) / (1 - after) * beta
    model = posterior if variance == "posterior" else beta
    xt = every((1 - after).sqrt(), eps) * eps
    x0 = every((1 / after).sqrt(), eps) * xt - every((1 / after - 1).sqrt(), eps) * prediction
    mean_q = every((1 - beta).sqrt() * (1 - before) / (1 - after), eps) * xt
    mean_p = every(before.sqrt() * beta / (1 - after), eps) * x0 + mean_q
    q = Normal(mean_q, every(posterior.sqrt(), eps))
    return of_examples(kl_divergence(q, Normal(mean_p, every(model.sqrt(), eps))))


def reconstruction_loss(prediction, eps, beta):
    ratio = every((beta / (1 - beta)).sqrt(), eps)
    return -of_examples(Normal(ratio * prediction, every(beta.sqrt(), eps)).log_prob(ratio * eps))


def prior_loss(x0, alpha_prod):
    q = Normal(every(alpha_prod.sqrt(), x0) * x0, every((1 - alpha_prod).sqrt(), x0))
    return of_examples(kl_divergence(q, Normal(torch.zeros_like(x0), torch.ones_like(x0))))


def variational_bound(prediction, x0, eps, beta, *, variance):
    each, after = torch.ones_like(x0.reshape(len(x0), -1)[:, :1])[:, 0], torch.cumprod(1 - beta, 0)
    bound = reconstruction_loss(prediction[:, 0], eps[:, 0], beta[0] * each) + prior_loss(x0, after[-1] * each)
    for t in range(1, len(beta)):
        bound = bound + variational_loss(prediction[:, t], eps[:, t], beta[t] * each, after[t - 1] * each,
                                         variance=variance)
    return bound


# --- diffusion: schedules and weights ---


def linear_schedule(beta_first, beta_last, *, steps):
    return torch.lerp(beta_first, beta_last, torch.arange(steps).to(beta_first) / max(steps - 1, 1))


def cosine_schedule(offset, cap, *, steps):
    angle = (torch.arange(steps + 1).to(offset) / steps + offset) / (1 + offset) * torch.pi / 2
    f = torch.cos(angle).square()
    return torch.minimum(1 - f[1:] / f[:-1], cap)


def alpha_products(beta):
    alpha_prod = torch.cumprod(1 - beta, 0)
    return {"alpha_prod": alpha_prod, "one_minus": 1 - alpha_prod}


def min_snr_weight(alpha_prod, gamma, *, target):
    snr = alpha_prod / (1 - alpha_prod)
    return torch.minimum(snr, gamma) / {"eps": snr, "x0": 1, "v": snr + 1}[target]
# --- sde ---


def langevin_step(x, score, eps, step):
    return torch.addcmul(torch.addcmul(x, step / 2, score), step.sqrt(), eps)


def langevin_chain(x, eps, step, theta, *, score):
    for noise in eps.unbind(1):
        x = langevin_step(x, score(x, theta), noise, step)
    return x


def annealed_langevin(x, eps, sigmas, base_step, theta, *, score):
    steps = base_step * (sigmas / sigmas[-1]).square()
    for sigma, step, level in zip(sigmas, steps, eps.unbind(1), strict=True):
        for noise in level.unbind(1):
            x = langevin_step(x, score(x, sigma, theta), noise, step)
    return x


# --- mixtures ---


def mixture(logits, means, factors, a, sigma):
    covariance = (a * factors) @ (a * factors).mT + sigma**2 * torch.eye(means.shape[1], dtype=means.dtype)
    return MixtureSameFamily(Categorical(logits=logits), MultivariateNormal(a * means, covariance))


def gaussian_mixture_log_density(x, logits, means, factors, a, sigma):
    return mixture(logits, means, factors, a, sigma).log_prob(x)


def gaussian_mixture_score(x, logits, means, factors, a, sigma):
    law, y = mixture(logits, means, factors, a, sigma), x if x.requires_grad else x.detach().requires_grad_()
    return torch.autograd.grad(law.log_prob(y).sum(), y, create_graph=True)[0]


def gaussian_mixture_hessian(x, logits, means, factors, a, sigma):
    law = mixture(logits, means, factors, a, sigma)
    return torch.func.vmap(torch.func.hessian(lambda y: law.log_prob(y[None])[0]))(x)


def gaussian_mixture_denoiser(x, logits, means, factors, a, sigma):
    return (x + sigma**2 * gaussian_mixture_score(x, logits, means, factors, a, sigma)) / a


def gaussian_mixture_posterior_covariance(x, logits, means, factors, a, sigma):
    hessian = gaussian_mixture_hessian(x, logits, means, factors, a, sigma)
    return (sigma / a) ** 2 * (torch.eye(x.shape[1], dtype=x.dtype) + sigma**2 * hessian)
