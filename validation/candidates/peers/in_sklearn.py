"""BernoulliRBM of scikit-learn: free energy, conditionals, its chain and its pseudo-likelihood, by
given numbers; and the step of its training."""

import numpy as np
from sklearn.neural_network import BernoulliRBM


def machine(W, b, c, of=BernoulliRBM, **more):
    found = of(n_components=len(c), **more)
    found.components_, found.intercept_visible_, found.intercept_hidden_ = W, b, c
    found.n_features_in_ = len(b)
    return found


class Given(np.random.RandomState):
    """Numbers that were drawn before: `uniform` returns these one after the other, `randint` the same unit always."""

    def __init__(self, uniforms=(), unit=0):
        super().__init__(0)
        self.uniforms, self.unit = iter(uniforms), unit

    def uniform(self, size):
        return next(self.uniforms)

    def randint(self, low, high, size):
        return np.full(size, self.unit)


def rbm_free_energy(v, W, b, c):
    return machine(W, b, c)._free_energy(v)


def rbm_conditionals(v, h, W, b, c):
    """The visible side is that of the mirrored machine, for it is only drawn."""
    return machine(W, b, c)._mean_hiddens(v), machine(W.T, c, b)._mean_hiddens(h)


def rbm_gibbs_chain(v, W, b, c, u_hidden, u_visible):
    model, hidden, visible = machine(W, b, c), [], []
    for t in range(u_hidden.shape[1]):
        rng = Given([u_hidden[:, t], u_visible[:, t]])
        hidden.append(model._sample_hiddens(v, rng))
        v = model._sample_visibles(hidden[-1], rng)
        visible.append(v)
    return tuple(np.stack(x, 1).astype(np.int64) for x in (hidden, visible))


def rbm_pseudo_log_likelihood(v, W, b, c):
    """What score_samples has for one unit, drawn anew each time, is asked of each: D times its term."""
    every = range(len(b))
    return sum(machine(W, b, c, random_state=Given(unit=i)).score_samples(v) for i in every) / len(b)


class Held(np.ndarray):
    """Parameters that keep the step that is added to them, for of their difference digits are lost."""

    step = None

    def __iadd__(self, step):
        if self.step is None:  # what is made of them
            return super().__iadd__(step)
        self.step = np.asarray(step)
        return self


class Sampled(BernoulliRBM):
    """Its chains are where they are."""

    def _sample_visibles(self, h, rng):
        return self.v_model


def contrastive_divergence(v, v_model, W, b, c):
    """The step of `fit`, for a learning rate of one, is minus the gradient; the value is of its free energies."""

    def pullback(bar):
        held = {name: x.view(Held) for name, x in {"W": W, "b": b, "c": c}.items()}
        for x in held.values():
            x.step = 0.0
        model = machine(**held, of=Sampled, learning_rate=1.0)
        model.v_model, model.h_samples_ = v_model, None
        model._fit(v, np.random.RandomState(0))
        return {name: -bar * x.step for name, x in held.items()}

    energy = machine(W, b, c)._free_energy
    return np.mean(energy(v)) - np.mean(energy(v_model)), pullback


CANDIDATES = {
    name: {"function": function, "framework": "numpy", "gradients": []}
    for name, function in (("rbm_free_energy", rbm_free_energy), ("rbm_conditionals", rbm_conditionals),
                           ("rbm_gibbs_chain", rbm_gibbs_chain),
                           ("rbm_pseudo_log_likelihood", rbm_pseudo_log_likelihood))
}
CANDIDATES["contrastive_divergence"] = {"function": contrastive_divergence, "framework": "numpy", "pair": True}
