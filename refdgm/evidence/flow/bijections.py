"""The named bijections that a definition receives, both ways, with the log-determinant of the direction."""

from refdgm.evidence import traced
from refdgm.evidence.flow.masked_autoregressive.definition import (
    masked_autoregressive,
    masked_autoregressive__usual,
    masked_autoregressive_inverse,
    masked_autoregressive_inverse__usual,
)
from refdgm.evidence.flow.planar_transform.definition import (
    planar_inverse__held,
    planar_inverse__usual,
    planar_transform,
    planar_transform__usual,
)
from refdgm.evidence.nets.fields import Field
from refdgm.evidence.nets.mlp.definition import SPELLINGS, layers, phi

bounded = traced.tanh  # of the usual forms alone
slow = {False: masked_autoregressive_inverse, True: masked_autoregressive_inverse__usual}
fast = {False: masked_autoregressive, True: masked_autoregressive__usual}
plane = {False: planar_transform, True: planar_transform__usual}
point = {False: planar_inverse__held, True: planar_inverse__usual}


class Bijection:
    """An invertible map by its name. `usual` is as authors spell it, False that of the definition."""

    def __init__(self, xp, name, usual=False):
        self.xp, self.name, self.usual = xp, name, usual

    def forward(self, z, theta):
        if self.name.startswith("autoregressive_"):
            return self.by_networks(slow, z, theta)
        if self.name == "planar":
            return plane[self.usual](self.xp, z, theta["u"], theta["w"], theta["b"], constraint="softplus")
        stays, moves, scale, log_scale, shift = self.conditioned(z, theta)
        return self.xp.concatenate([stays, moves * scale + shift], axis=1), self.xp.sum(log_scale, axis=1)

    def inverse(self, x, theta):
        if self.name.startswith("autoregressive_"):
            return self.by_networks(fast, x, theta)
        if self.name == "planar":
            return self.by_a_root(x, **theta)
        stays, moves, scale, log_scale, shift = self.conditioned(x, theta)
        return self.xp.concatenate([stays, (moves - shift) / scale], axis=1), -self.xp.sum(log_scale, axis=1)

    def by_a_root(self, x, u, w, b):
        """Of a planar layer: what moves goes through one step from the root of what stands still."""
        if self.usual:
            return point[True](self.xp, x, u, w, b, constraint="softplus")
        still = getattr(self.xp, "standing_still", lambda x: x)
        held = {"x": still(x), "u": still(u), "w": still(w), "b": still(b)}
        return point[False](self.xp, held, x, u, w, b)

    def by_networks(self, texts, x, theta):
        """Of an autoregressive layer, with the two networks' entries apart."""
        parts = [{name[6:]: entry for name, entry in theta.items() if name.startswith(network)}
                 for network in ("shift_", "scale_")]
        field = Field(self.xp, self.name.partition("_")[2], timed=False, spelling=0 if self.usual else None)
        return texts[self.usual](self.xp, x, *parts, conditioner=field, scale="bounded")

    def conditioned(self, x, theta):
        """The components that stay, those that move, and what a network of the first says of the others."""
        many = x.shape[1] // 2
        stays, moves = x[:, : x.shape[1] - many], x[:, x.shape[1] - many :]
        kind = self.name.split("_")[1]
        activation = SPELLINGS[kind][0] if self.usual else lambda a: phi(self.xp, kind, a)[0]
        r_t = layers(self.xp, stays, theta, activation)
        log_scale = bounded(r_t[:, :many]) if self.usual else self.xp.tanh(r_t[:, :many])
        return stays, moves, self.xp.exp(log_scale), log_scale, r_t[:, many:]
