"""What short chains leave out: the angle and the size of the error of CD-k, from the exact laws of the chains.

A machine of six visible and three hidden units, so that all states can be counted, at three sizes of its weights; the
data are eight states. The visible law after k sweeps is exact, by the transition matrix, so that no draw has a part in
it. Left: the relative error of the gradient of W against k. Right: the likelihood along 1500 steps of ascent by the
exact gradient, CD-1 and CD-10. One should see the error fall geometrically, slower the larger the weights, and CD-1
fall behind the exact gradient as its weights grow. Dotted: the entropy of the data, which no machine can pass.
"""

from itertools import product

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import contrastive_divergence, rbm_conditionals, rbm_log_likelihood

D, H = 6, 3
states, hidden = (np.array(list(product([0.0, 1.0], repeat=n))) for n in (D, H))
rng = np.random.default_rng(5)
data = states[rng.choice(len(states), 8, replace=False)]


def sweep(W, b, c):
    """P(v′ | v) of one Gibbs sweep, over all visible states."""
    few = np.zeros((len(hidden), D))
    up = rbm_conditionals(states, np.zeros((len(states), H)), W, b, c)[0]
    down = rbm_conditionals(few, hidden, W, b, c)[1]
    to_hidden = np.prod(np.where(hidden[None] == 1, up[:, None], 1 - up[:, None]), axis=2)
    return to_hidden @ np.prod(np.where(states[None] == 1, down[:, None], 1 - down[:, None]), axis=2)


def gradient(W, b, c, law):
    """The pullback of J where the second phase has every state as often as `law` says."""
    _, pullback = contrastive_divergence.vjp(data, states, W, b, c)
    both = pullback(np.array(1.0))                                  # with all states alike
    h = rbm_conditionals(states, np.zeros((len(states), H)), W, b, c)[0]
    extra = law - 1 / len(states)
    return {"W": both["W"] + (h * extra[:, None]).T @ states, "b": both["b"] + extra @ states,
            "c": both["c"] + extra @ h}


def model(W, b, c):
    return np.exp(rbm_log_likelihood(states, W, b, c))


start = np.mean(np.all(states[None] == data[:, None], axis=2), axis=0)
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
for size, colour in ((0.3, BLUE), (0.6, GREEN), (3.0, RED)):
    W, b, c = size * np.random.default_rng(1).standard_normal((H, D)), np.zeros(D), np.zeros(H)
    move, law, exact, found = sweep(W, b, c), start, gradient(W, b, c, model(W, b, c))["W"], []
    for _ in range(12):
        law = law @ move
        found.append(np.linalg.norm(gradient(W, b, c, law)["W"] - exact) / np.linalg.norm(exact))
    left.semilogy(np.arange(1, 13), found, color=colour, label=f"weights of {size:g}")
left.set(xlabel="sweeps $k$", title=r"error of $\bar W$ over its length", ylim=(1e-6, 3))
left.legend()

for k, colour, label in ((None, INK, "exact"), (10, GREEN, "CD-10"), (1, RED, "CD-1")):
    W, b, c = 0.1 * np.random.default_rng(2).standard_normal((H, D)), np.zeros(D), np.zeros(H)
    means = []
    for _ in range(1500):
        means.append(np.mean(rbm_log_likelihood(data, W, b, c)))
        law = model(W, b, c) if k is None else start @ np.linalg.matrix_power(sweep(W, b, c), k)
        g = gradient(W, b, c, law)
        W, b, c = W - 0.3 * g["W"], b - 0.3 * g["b"], c - 0.3 * g["c"]
    right.plot(means, color=colour, label=label, ls="--" if k is None else "-")
right.axhline(-np.log(8), color=INK, lw=0.8, ls=":")
right.set(xlabel="steps of ascent", title="mean log-likelihood of the data")
right.legend(loc="lower right")
save(figure, "contrastive_divergence")
