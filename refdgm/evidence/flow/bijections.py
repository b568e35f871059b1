"""The named bijections that a definition receives, both ways, with the log-determinant of the direction."""

from refdgm.evidence import traced
from refdgm.evidence.nets.mlp.definition import SPELLINGS, layers, phi

bounded = traced.tanh  # of the usual forms alone


class Bijection:
    """An invertible map by its name. `usual` is as authors spell it, False that of the definition."""

    def __init__(self, xp, name, usual=False):
        self.xp, self.name, self.usual = xp, name, usual

    def forward(self, z, theta):
        stays, moves, scale, log_scale, shift = self.conditioned(z, theta)
        return self.xp.concatenate([stays, moves * scale + shift], axis=1), self.xp.sum(log_scale, axis=1)

    def inverse(self, x, theta):
        stays, moves, scale, log_scale, shift = self.conditioned(x, theta)
        return self.xp.concatenate([stays, (moves - shift) / scale], axis=1), -self.xp.sum(log_scale, axis=1)

    def conditioned(self, x, theta):
        """The components that stay, those that move, and what a network of the first says of the others."""
        many = x.shape[1] // 2
        stays, moves = x[:, : x.shape[1] - many], x[:, x.shape[1] - many :]
        kind = self.name.split("_")[1]
        activation = SPELLINGS[kind][0] if self.usual else lambda a: phi(self.xp, kind, a)[0]
        r_t = layers(self.xp, stays, theta, activation)
        log_scale = bounded(r_t[:, :many]) if self.usual else self.xp.tanh(r_t[:, :many])
        return stays, moves, self.xp.exp(log_scale), log_scale, r_t[:, many:]
