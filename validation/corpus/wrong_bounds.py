"""Wrong bodies of bounds and of deep machines, written before the known mistakes were read."""

import itertools
from typing import Any

from refdgm.energy.dbm_log_likelihood import dbm_log_likelihood
from refdgm.energy.dbn_bound import dbn_bound
from refdgm.evidence.declare import mistake
from refdgm.latent.conditional_elbo import conditional_elbo
from refdgm.latent.likelihood import LIKELIHOODS
from refdgm.latent.vector_quantization import nearest
from refdgm.latent.vq_vae_elbo import vq_vae_elbo
from refdgm.namespace import Array, namespace
from refdgm.primitives.gaussian_kl import gaussian_kl_between

Theta = dict[str, Array]

# conditional_elbo


def conditioned(
    x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, *, encoder: Any, decoder: Any, prior: Any,
    likelihood: str, fit: float = 1.0, share: float = 1.0, power: float = 0.5, reverse: bool = False,
    drawn: str = "encoder", learned: float = 1.0, heard: float = 1.0,
) -> Any:
    """`fit` times the mean of log p less `share` times the divergence; σ = e^{power λ}; draws of the encoder or of the
    prior; what reaches the prior from the divergence is weighed by `learned`, what y hears from the encoder by
    `heard`."""
    xp = namespace(x)
    (batch, many, size), wide = eps.shape, x.shape[1]
    code, encoder_right = encoder.vjp(xp.concat([x, y], axis=1), phi)
    law, prior_right = prior.vjp(y, psi)
    q, p = (code[:, :size], code[:, size:]), (law[:, :size], law[:, size:])
    kl, kl_right = gaussian_kl_between.body(*p, *q) if reverse else gaussian_kl_between.body(*q, *p)
    mean, logvar = q if drawn == "encoder" else p
    moved = xp.exp(power * logvar)[:, None, :] * eps
    z = xp.concat([mean[:, None, :] + moved, xp.broadcast_to(y[:, None, :], (batch, many, y.shape[1]))], axis=2)
    out, decoder_right = decoder.vjp(xp.reshape(z, (batch * many, z.shape[2])), theta)
    log_p, law_right = LIKELIHOODS[likelihood](x, xp.reshape(out, (batch, many, wide)))

    def pullback(bar: Array) -> dict[str, Any]:
        out_bar, x_bar = law_right(fit * bar[:, None] / many + 0 * log_p)
        back = decoder_right(xp.reshape(out_bar, out.shape))
        z_bar, g = xp.reshape(back["x"], z.shape), kl_right(-share * bar)
        draws = [xp.sum(z_bar[:, :, :size], axis=1), power * xp.sum(z_bar[:, :, :size] * moved, axis=1)]
        names = (("mean_p", "logvar_p"), ("mean_q", "logvar_q"))
        q_bar = [g[name] for name in names[0 if reverse else 1]]
        p_bar = [learned * g[name] for name in names[1 if reverse else 0]]
        if drawn == "encoder":
            q_bar = [a + b for a, b in zip(q_bar, draws, strict=True)]
        else:
            p_bar = [a + b for a, b in zip(p_bar, draws, strict=True)]
        front, before = encoder_right(xp.concat(q_bar, axis=1)), prior_right(xp.concat(p_bar, axis=1))
        return {"x": x_bar + front["x"][:, :wide],
                "y": heard * front["x"][:, wide:] + xp.sum(z_bar[:, :, size:], axis=1) + before["x"],
                "phi": front["theta"], "theta": back["theta"], "psi": before["theta"]}

    return fit * xp.mean(log_p, axis=1) - share * kl, pullback


@mistake(conditional_elbo, "value", "gradient.x", "gradient.y", "gradient.phi", "gradient.theta", blind=True)
def sum_over_draws(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """Σ_r log p, not its mean, beside one divergence: right for one draw."""
    return conditioned(x, y, eps, phi, theta, psi, fit=float(eps.shape[1]), **options)


@mistake(conditional_elbo, "value", "gradient.x", "gradient.y", "gradient.phi", "gradient.psi", blind=True)
def mean_over_latents(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """The divergence is a mean over latents, log p a sum over data."""
    return conditioned(x, y, eps, phi, theta, psi, share=1 / eps.shape[2], **options)


@mistake(conditional_elbo, "value", "gradient.x", "gradient.y", "gradient.phi", "gradient.psi", blind=True)
def divergence_from_the_prior(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta,
                              **options: Any) -> Any:
    """KL(p(z | y) ‖ q(z | x, y)): the laws are handed over in the other order."""
    return conditioned(x, y, eps, phi, theta, psi, reverse=True, **options)


@mistake(conditional_elbo, "value", "gradient.x", "gradient.y", "gradient.phi", "gradient.theta", blind=True)
def drawn_with_the_variance(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta,
                            **options: Any) -> Any:
    """z = μ + e^λ ε: the root is forgotten."""
    return conditioned(x, y, eps, phi, theta, psi, power=1.0, **options)


@mistake(conditional_elbo, blind=True)
def drawn_from_the_prior(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta,
                         **options: Any) -> Any:
    """z = μ_p + σ_p ε, as in generation, beside the divergence of the encoder's law."""
    return conditioned(x, y, eps, phi, theta, psi, drawn="prior", **options)


@mistake(conditional_elbo, "gradient.y", "gradient.psi", blind=True)
def prior_held(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """What the prior gives is detached before the divergence, so that it learns nothing."""
    return conditioned(x, y, eps, phi, theta, psi, learned=0.0, **options)


@mistake(conditional_elbo, "gradient.y", blind=True)
def condition_not_heard_from_the_encoder(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta,
                                         **options: Any) -> Any:
    """ȳ from the decoder and the prior alone: the part of the encoder's input that is y is cut off."""
    return conditioned(x, y, eps, phi, theta, psi, heard=0.0, **options)


# vq_vae_elbo


def less(amount: Any) -> Any:
    """The body with `amount` taken off in place of N log K."""
    def body(x: Array, z: Array, codebook: Array, theta: Theta, options: Any) -> Any:
        xp = namespace(x)
        value, right = vq_vae_elbo.body(x, z, codebook, theta, **options)
        log_k = xp.log(xp.asarray(codebook.shape[0], dtype=x.dtype, device=x.device))
        return value + z.shape[1] * log_k - amount(xp, z, codebook, log_k), right

    return body


@mistake(vq_vae_elbo, "value", blind=True)
def one_code_of_many(x: Array, z: Array, codebook: Array, theta: Theta, **options: Any) -> Any:
    """log K once for an example, not for every position."""
    return less(lambda xp, z, codebook, log_k: log_k)(x, z, codebook, theta, options)


@mistake(vq_vae_elbo, "value", blind=True)
def reconstruction_alone(x: Array, z: Array, codebook: Array, theta: Theta, **options: Any) -> Any:
    """Without the prior of codes: a log-likelihood given them, and no bound."""
    return less(lambda xp, z, codebook, log_k: 0 * log_k)(x, z, codebook, theta, options)


@mistake(vq_vae_elbo, "value", blind=True)
def prior_added(x: Array, z: Array, codebook: Array, theta: Theta, **options: Any) -> Any:
    """N log K is added: above the likelihood given the codes."""
    return less(lambda xp, z, codebook, log_k: -z.shape[1] * log_k)(x, z, codebook, theta, options)


@mistake(vq_vae_elbo, "value", blind=True)
def prior_in_bits(x: Array, z: Array, codebook: Array, theta: Theta, **options: Any) -> Any:
    """N log₂ K beside nats."""
    def amount(xp: Any, z: Array, codebook: Array, log_k: Array) -> Array:
        return z.shape[1] * log_k / xp.log(xp.asarray(2.0, dtype=z.dtype, device=z.device))

    return less(amount)(x, z, codebook, theta, options)


@mistake(vq_vae_elbo, "gradient.codebook", blind=True)
def codebook_behind_the_pass_through(x: Array, z: Array, codebook: Array, theta: Theta, **options: Any) -> Any:
    """z + sg(q − z) is decoded, so that the codes get no gradient from the likelihood."""
    value, right = vq_vae_elbo.body(x, z, codebook, theta, **options)
    return value, lambda bar: (g := right(bar)) | {"codebook": 0 * g["codebook"]}


@mistake(vq_vae_elbo, "gradient.codebook", blind=True)
def positions_overwrite(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """ē_j = q̄_n of the last position that chose it: indices assigned, where equal ones add."""
    xp = namespace(x)
    value, right = vq_vae_elbo.body(x, z, codebook, theta, decoder=decoder, likelihood=likelihood)
    k = nearest(xp.reshape(z, (-1, z.shape[2])), codebook)
    out, decoder_right = decoder.vjp(xp.reshape(xp.take(codebook, k, axis=0), (z.shape[0], -1)), theta)
    _, law_right = LIKELIHOODS[likelihood](x, out[:, None, :])
    number = xp.arange(k.shape[0], device=x.device)
    hit = k[None, :] == xp.arange(codebook.shape[0], device=x.device)[:, None]
    last = hit & (number[None, :] == xp.max(xp.where(hit, number[None, :], -1), axis=1, keepdims=True))

    def pullback(bar: Array) -> dict[str, Any]:
        out_bar, _ = law_right(bar[:, None])
        q_bar = xp.reshape(decoder_right(xp.reshape(out_bar, out.shape))["x"], (-1, z.shape[2]))
        return right(bar) | {"codebook": xp.astype(last, x.dtype) @ q_bar}

    return value, pullback


# dbm_log_likelihood


def middle(c1: Array) -> Array:
    """All states of the middle layer."""
    xp = namespace(c1)
    rows = list(itertools.product((0.0, 1.0), repeat=c1.shape[0]))
    return xp.asarray(rows, dtype=c1.dtype, device=c1.device)


def logistic(xp: Any, a: Array) -> Array:
    return 1 / (1 + xp.exp(-a))


def total(xp: Any, a: Array) -> tuple[Array, Array]:
    """The log-sum-exp of the last axis and its weights."""
    top = xp.max(a, axis=-1, keepdims=True)
    e = xp.exp(a - top)
    z = xp.sum(e, axis=-1, keepdims=True)
    return (top + xp.log(z))[..., 0], e / z


def machine(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array, doubled: float = 1.0, biased: float = 1.0,
            visible: float = 1.0, topped: float = 1.0, phase: float = 1.0) -> Any:
    """log P(v) with the data's input times `doubled`, c¹ counted `biased` times given the data, and in log Z the
    visible bias and the upper layer weighed by `visible` and `topped`; the model's gradient weighed by `phase`."""
    xp = namespace(v)
    h = middle(c1)
    up = h @ W2.T + c2
    over, s = xp.sum(xp.logaddexp(0 * up, up), axis=1), logistic(xp, up)
    down = h @ W1 + visible * b
    under = xp.sum(xp.logaddexp(0 * down, down), axis=1)
    data, q = total(xp, doubled * v @ W1.T @ h.T + biased * h @ c1 + over)
    log_z, p = total(xp, h @ c1 + topped * over + under)
    f = logistic(xp, down)

    def pullback(bar: Array) -> dict[str, Array]:
        own, every = bar @ q, phase * xp.sum(bar) * p
        both = own - topped * every
        return {"v": bar[:, None] * (b + doubled * q @ h @ W1),
                "W1": doubled * (bar[:, None] * (q @ h)).T @ v - (every[:, None] * h).T @ f,
                "W2": (both[:, None] * s).T @ h, "b": bar @ v - visible * every @ f,
                "c1": (biased * own - every) @ h, "c2": both @ s}

    return v @ b + data - log_z, pullback


@mistake(dbm_log_likelihood, "value", "gradient.v", "gradient.W1", "gradient.W2", "gradient.c1", "gradient.c2",
         blind=True)
def input_from_below_doubled(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """2 W¹v given the data, as when layers are trained one by one, where the upper layer is summed over too."""
    return machine(v, W1, W2, b, c1, c2, doubled=2.0)


@mistake(dbm_log_likelihood, "value", "gradient.v", "gradient.W1", "gradient.W2", "gradient.c1", "gradient.c2",
         blind=True)
def middle_bias_twice(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """c¹ both in W¹v + c¹ and in the energy above it."""
    return machine(v, W1, W2, b, c1, c2, biased=2.0)


@mistake(dbm_log_likelihood, "value", "gradient.W1", "gradient.W2", "gradient.b", "gradient.c1", "gradient.c2",
         blind=True)
def visible_units_without_bias_in_the_sum(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """log Z with Π (1 + e^{W¹ᵀh}): b is in the energy and not in the sum."""
    return machine(v, W1, W2, b, c1, c2, visible=0.0)


@mistake(dbm_log_likelihood, "value", "gradient.W1", "gradient.W2", "gradient.b", "gradient.c1", "gradient.c2",
         blind=True)
def sum_of_the_lower_machine(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """log Z of the lower two layers, which knows nothing of the upper."""
    return machine(v, W1, W2, b, c1, c2, topped=0.0)


@mistake(dbm_log_likelihood, "value", "gradient.v", "gradient.W1", "gradient.W2", "gradient.c1", "gradient.c2",
         blind=True)
def upper_layer_at_the_mean(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """Given the data the upper layer is told σ(W¹v + c¹), as in a pass upwards, and summed there: no sum over h of
    both."""
    xp = namespace(v)
    a = v @ W1.T + c1
    m, (_, right) = logistic(xp, a), machine(v, W1, W2, b, c1, c2)
    up = m @ W2.T + c2
    value = v @ b + xp.sum(xp.logaddexp(0 * a, a), axis=1) + xp.sum(xp.logaddexp(0 * up, up), axis=1)
    h = middle(c1)
    above, below = h @ W2.T + c2, h @ W1 + b
    log_z, _ = total(xp, h @ c1 + xp.sum(xp.logaddexp(0 * above, above), axis=1)
                     + xp.sum(xp.logaddexp(0 * below, below), axis=1))

    def pullback(bar: Array) -> dict[str, Array]:
        g, s = right(bar), logistic(xp, up)
        q = total(xp, v @ W1.T @ h.T + h @ c1 + xp.sum(xp.logaddexp(0 * above, above), axis=1))[1]
        t_bar = bar[:, None] * s
        a_bar = bar[:, None] * m + (t_bar @ W2) * m * (1 - m)
        own, was = bar @ q, logistic(xp, above)
        return {"v": bar[:, None] * b + a_bar @ W1, "W1": g["W1"] - (bar[:, None] * (q @ h)).T @ v + a_bar.T @ v,
                "W2": g["W2"] - (own[:, None] * was).T @ h + t_bar.T @ m, "b": g["b"],
                "c1": g["c1"] - own @ h + xp.sum(a_bar, axis=0), "c2": g["c2"] - own @ was + xp.sum(t_bar, axis=0)}

    return value - log_z, pullback


@mistake(dbm_log_likelihood, "gradient.W1", "gradient.W2", "gradient.b", "gradient.c1", "gradient.c2", blind=True)
def model_of_a_mean_example(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """The data's statistics are sums over the batch, the model's are taken off once."""
    value, _ = dbm_log_likelihood.body(v, W1, W2, b, c1, c2)
    _, right = machine(v, W1, W2, b, c1, c2, phase=1 / v.shape[0])
    return value, right


@mistake(dbm_log_likelihood, "gradient.W2", "gradient.c2", blind=True)
def upper_statistics_of_means(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """Given the data σ(W²⟨h⟩ + c²)⟨h⟩ᵀ, as mean field has it, for the mean of σ(W²h + c²) hᵀ."""
    xp = namespace(v)
    value, right = dbm_log_likelihood.body(v, W1, W2, b, c1, c2)
    h = middle(c1)
    up = h @ W2.T + c2
    _, q = total(xp, v @ W1.T @ h.T + h @ c1 + xp.sum(xp.logaddexp(0 * up, up), axis=1))

    def pullback(bar: Array) -> dict[str, Array]:
        g, m, s, own = right(bar), q @ h, logistic(xp, up), bar @ q
        told = bar[:, None] * logistic(xp, m @ W2.T + c2)
        return g | {"W2": g["W2"] - (own[:, None] * s).T @ h + told.T @ m,
                    "c2": g["c2"] - own @ s + xp.sum(told, axis=0)}

    return value, pullback


# dbn_bound


def belief(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array, entropy: float = 1.0,
           normal: float = 1.0, phase: float = 1.0) -> Any:
    """The bound with its entropy and its log Z weighed, and the model's gradient apart."""
    xp = namespace(v)
    h = middle(r)
    a, f, up = v @ R.T + r, h @ G.T + g, h @ W.T + c
    log_q = a @ h.T - xp.sum(xp.logaddexp(0 * a, a), axis=1)[:, None]
    score = h @ b + xp.sum(xp.logaddexp(0 * up, up), axis=1)
    log_z, p = total(xp, score)
    gain = v @ f.T - xp.sum(xp.logaddexp(0 * f, f), axis=1) + score - normal * log_z
    q = xp.exp(log_q)
    value = xp.sum(q * (gain - entropy * log_q), axis=1)

    def pullback(bar: Array) -> dict[str, Array]:
        slope = bar[:, None] * q * (gain - entropy * (log_q + 1))
        a_bar = slope @ h - xp.sum(slope, axis=1)[:, None] * logistic(xp, a)
        each = bar[:, None] * q
        of_h = xp.sum(each, axis=0)
        f_bar = each.T @ v - of_h[:, None] * logistic(xp, f)
        d = of_h - phase * normal * xp.sum(bar) * p
        s = logistic(xp, up)
        return {"v": a_bar @ R + each @ f, "R": a_bar.T @ v, "r": xp.sum(a_bar, axis=0), "G": f_bar.T @ h,
                "g": xp.sum(f_bar, axis=0), "W": (d[:, None] * s).T @ h, "b": d @ h, "c": d @ s}

    return value, pullback


@mistake(dbn_bound, "value", "gradient.v", "gradient.R", "gradient.r", blind=True)
def entropy_forgotten(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """Σ q (log p(v|h) + log p(h)): nothing keeps q from a single state."""
    return belief(v, R, r, G, g, W, b, c, entropy=0.0)


@mistake(dbn_bound, "value", "gradient.v", "gradient.R", "gradient.r", blind=True)
def entropy_taken_off(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """+ log q for − log q."""
    return belief(v, R, r, G, g, W, b, c, entropy=-1.0)


@mistake(dbn_bound, "value", "gradient.W", "gradient.b", "gradient.c", blind=True)
def top_not_normalised(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """Minus the free energy of h for log p(h): without log Z the weights grow for ever."""
    return belief(v, R, r, G, g, W, b, c, normal=0.0)


@mistake(dbn_bound, "value", "gradient.v", "gradient.R", "gradient.r", "gradient.G", "gradient.g", blind=True)
def one_pair_of_weights(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """f = Rᵀh + g: the generative weights are still the recognition's, and G is not read."""
    value, right = belief(v, R, r, R.T, g, W, b, c)

    def pullback(bar: Array) -> dict[str, Array]:
        back = right(bar)
        return back | {"R": back["R"] + back["G"].T, "G": 0 * back["G"]}

    return value, pullback


@mistake(dbn_bound, "value", "gradient.v", "gradient.R", "gradient.r", "gradient.G", "gradient.g", "gradient.W",
         "gradient.c", blind=True)
def means_in_place_of_states(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """log p(v|h) and the top at h = σ(a), not their means under q; the entropy and log Z as they are."""
    xp = namespace(v)
    a = v @ R.T + r
    m = logistic(xp, a)
    f, up, h = m @ G.T + g, m @ W.T + c, middle(r)
    every = h @ W.T + c
    log_z, p = total(xp, h @ b + xp.sum(xp.logaddexp(0 * every, every), axis=1))
    fit = v * f - xp.logaddexp(0 * f, f)
    value = (xp.sum(fit, axis=1) + m @ b + xp.sum(xp.logaddexp(0 * up, up), axis=1) - log_z
             + xp.sum(xp.logaddexp(0 * a, a) - a * m, axis=1))

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar[:, None]
        f_bar, s_bar = each * (v - logistic(xp, f)), each * logistic(xp, up)
        m_bar = f_bar @ G + s_bar @ W + each * b
        a_bar = (m_bar - each * a) * m * (1 - m)
        d, s = xp.sum(bar) * p, logistic(xp, every)
        return {"v": each * f + a_bar @ R, "R": a_bar.T @ v, "r": xp.sum(a_bar, axis=0), "G": f_bar.T @ m,
                "g": xp.sum(f_bar, axis=0), "W": s_bar.T @ m - (d[:, None] * s).T @ h, "b": bar @ m - d @ h,
                "c": xp.sum(s_bar, axis=0) - d @ s}

    return value, pullback


@mistake(dbn_bound, "gradient.v", "gradient.R", "gradient.r", blind=True)
def recognition_held(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """The states' weights are detached: the recognition learns nothing, and v̄ is that of the likelihood alone."""
    value, right = dbn_bound.body(v, R, r, G, g, W, b, c)
    xp = namespace(v)
    h, a = middle(r), v @ R.T + r
    q = xp.exp(a @ h.T - xp.sum(xp.logaddexp(0 * a, a), axis=1)[:, None])
    return value, lambda bar: (back := right(bar)) | {"R": 0 * back["R"], "r": 0 * back["r"],
                                                      "v": bar[:, None] * (q @ (h @ G.T + g))}


@mistake(dbn_bound, "gradient.W", "gradient.b", "gradient.c", blind=True)
def top_learns_without_dreaming(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array,
                                c: Array) -> Any:
    """The gradient of the top's free energy under q alone: log Z is detached."""
    value, _ = dbn_bound.body(v, R, r, G, g, W, b, c)
    _, right = belief(v, R, r, G, g, W, b, c, phase=0.0)
    return value, right
