"""Contrastive divergence of a restricted Boltzmann machine."""

import math

import numpy as np

from refdgm.energy.contrastive_divergence import contrastive_divergence

from ..kit import verify

TestContrastiveDivergence = verify(contrastive_divergence)


def bits(n):
    return np.array([[s >> i & 1 for i in range(n)] for s in range(2**n)], float)


def joint(W, b, c):
    """P(h, v) of all states, from the energy."""
    h, v = bits(len(c)), bits(len(b))
    weight = np.exp(np.array([[x @ W @ y + b @ y + c @ x for y in v] for x in h]))
    return h, v, weight / weight.sum()


def gradients(v, v_model, W, b, c):
    g = contrastive_divergence.vjp(v, v_model, W, b, c)[1](np.ones(()))
    return np.concatenate([g[name].ravel() for name in ("W", "b", "c")])


def of_likelihood(v, W, b, c):
    """−∂ mean log p(v), by differences of the sum over all states."""
    def loss(theta):
        W_, b_, c_ = theta[:W.size].reshape(W.shape), theta[W.size:W.size + b.size], theta[W.size + b.size:]
        h, states, _ = joint(W_, b_, c_)
        weight = lambda y: np.sum(np.exp(h @ (W_ @ y + c_) + b_ @ y))
        return math.log(sum(map(weight, states))) - np.mean([math.log(weight(y)) for y in v])

    theta = np.concatenate([W.ravel(), b, c])
    return np.array([(loss(theta + e) - loss(theta - e)) / 2e-4 for e in 1e-4 * np.eye(theta.size)])


class TestLaws:
    def test_at_a_point(self):
        """Data 1, 1; samples 1, 0, 0, 0; w = log 3, b = 4, c = 0: F(1) = −4 − log 4, F(0) = −log 2. J = −3 − ¾ log 2,
        W_bar = ¾/4 − ¾, b_bar = ¼ − 1, c_bar = (¾ + 3/2)/4 − ¾. Kills: every sign, sums for means, one count for both
        phases."""
        v, v_model = np.ones((2, 1)), np.array([[1.0], [0], [0], [0]])
        value, pullback = contrastive_divergence.vjp(v, v_model, np.full((1, 1), math.log(3)), np.full(1, 4.0),
                                                     np.zeros(1))
        np.testing.assert_allclose(value, -3 - 0.75 * math.log(2), rtol=1e-15)
        g = pullback(np.array(16.0))
        np.testing.assert_allclose([g["W"][0, 0], g["b"][0], g["c"][0]], [-9, -12, -3], rtol=1e-14)

    def test_all_states_as_often_as_the_model_has_them(self, rng):
        """An average over P(v) for the samples is the gradient of −log p by its own differences; and states that are
        repeated count as often. Kills: the exchange of phases, states or products of means, a phase left out of any
        parameter."""
        W, b, c = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
        states, p = bits(3), joint(W, b, c)[2].sum(axis=0)
        v = states[[1, 3, 6]]
        each = np.stack([gradients(v, states[s:s + 1], W, b, c) for s in range(8)])
        np.testing.assert_allclose(p @ each, of_likelihood(v, W, b, c), rtol=1e-6, atol=1e-9)
        v_model = np.repeat(states, [8, 4, 16, 2, 2, 24, 4, 4], axis=0)
        mean = np.array([8, 4, 16, 2, 2, 24, 4, 4]) / 64 @ each
        np.testing.assert_allclose(gradients(v, v_model, W, b, c), mean, rtol=1e-12, atol=1e-15)

    def test_sweeps_bring_it_to_the_likelihood(self, rng):
        """CD-k with the exact law of k sweeps from the data: nearer to −∂ log p with each, and there in the end. Kills:
        what is right for the model's own samples alone."""
        W, b, c = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
        states, law = bits(3), joint(W, b, c)[2]
        sweep = (law / law.sum(axis=0)).T @ (law / law.sum(axis=1, keepdims=True))
        start, want = np.eye(8)[[1, 3, 6]].mean(axis=0), of_likelihood(states[[1, 3, 6]], W, b, c)
        each = np.stack([gradients(states[[1, 3, 6]], states[s:s + 1], W, b, c) for s in range(8)])
        off = [np.max(abs(start @ np.linalg.matrix_power(sweep, k) @ each - want)) for k in (0, 1, 3, 60)]
        assert off[0] > off[1] > off[2] > 1e-6 > off[3]

    def test_the_bias_of_one_step_of_two_units(self):
        """One unit a side, no biases, data always on. After k sweeps v is on with the probability q of the exact
        kernel: W_bar = −(1 − q) σ(w), b_bar = q − 1, c_bar = (1 − q)(½ − σ(w)). Kills: a wrong mean hidden unit at v =
        0."""
        w = 2.0
        s = 1 / (1 + math.exp(-w))
        kernel = np.array([[0.5, 0.5], [1 - s, s]]) @ np.array([[0.5, 0.5], [1 - s, s]])
        for k in (1, 2, 5):
            on = np.linalg.matrix_power(kernel, k)[1, 1]
            at = [gradients(np.ones((1, 1)), np.full((1, 1), x), np.full((1, 1), w), np.zeros(1), np.zeros(1))
                  for x in (0.0, 1.0)]
            np.testing.assert_allclose((1 - on) * at[0] + on * at[1], [-(1 - on) * s, on - 1, (1 - on) * (0.5 - s)],
                                       rtol=1e-13, atol=1e-16)

    def test_what_two_saturated_phases_differ_by(self):
        """c = 50, w = 2, data on and the sample off: c_bar = σ(50) − σ(52) = e^{−52} − e^{−50}. Kills: a difference of
        two rounded ones."""
        g = contrastive_divergence.vjp(np.ones((1, 1)), np.zeros((1, 1)), np.full((1, 1), 2.0), np.zeros(1),
                                       np.full(1, 50.0))[1](np.ones(()))
        np.testing.assert_allclose(g["c"], [math.exp(-52) - math.exp(-50)], rtol=1e-13)

    def test_at_rest(self, rng):
        """Samples that are the data, in another order and twice: J and all gradients are 0. Kills: sums for means."""
        v = rng.uniform(size=(3, 4))
        args = rng.normal(size=(2, 4)), rng.normal(size=4), rng.normal(size=2)
        np.testing.assert_allclose(contrastive_divergence(v, v[[2, 0, 1, 1, 2, 0]], *args), 0, atol=1e-14)
        np.testing.assert_allclose(gradients(v, v[[2, 0, 1, 1, 2, 0]], *args), 0, atol=1e-15)
