"""The named networks that a definition receives: s(x, θ) and f(z, t, θ), with their Jacobians written out."""

from refdgm.evidence import traced
from refdgm.evidence.nets.mlp.definition import SPELLINGS, jacobian, layers, phi

slope = traced.slope  # of the usual forms alone


class Field:
    """A function by its name; with `timed` it is f(z, t, θ). A `spelling` of φ counts the usual ones, and those in
    their place, of `SPELLINGS`; None is that of the definition, which alone has the Jacobian."""

    def __init__(self, xp, name, timed, spelling=None):
        self.xp, self.name, self.timed, self.spelling = xp, name, timed, spelling

    def __call__(self, *args, **named):
        names = ("z", "t", "theta") if self.timed else ("x", "theta")
        args = (*args, *[named[name] for name in names[len(args):]])
        x, theta = args[0], args[-1]
        if self.name == "linear":
            return x @ self.xp.transpose(theta["A"]) + theta["b"]
        if self.name == "theta_sin":
            return theta["theta"] * self.xp.sin(x)
        if self.name.startswith("energy_"):
            return self.downhill(x, theta)
        return layers(self.xp, self.inputs(*args[:-1]), theta, self.activation)

    def downhill(self, x, theta):
        """−∂E/∂x of a network with one output."""
        if self.spelling is None:
            return -jacobian(self.xp, x, theta, self.name.split("_")[1])[:, 0, :]
        return -slope(lambda x: layers(self.xp, x, theta, self.activation), x)

    def activation(self, a):
        kind = self.name.split("_")[1]
        return SPELLINGS[kind][self.spelling](a) if self.spelling is not None else phi(self.xp, kind, a)[0]

    def jacobian(self, *args):
        """∂s/∂x or ∂f/∂z, of shape (B, D, D)."""
        x, theta = args[0], args[-1]
        if self.name == "linear":
            return self.xp.zeros((x.shape[0], 1, 1)) + theta["A"][None]
        if self.name == "theta_sin":
            return self.xp.eye(x.shape[1])[None] * (theta["theta"] * self.xp.cos(x))[:, :, None]
        whole = jacobian(self.xp, self.inputs(*args[:-1]), theta, self.name.split("_")[1])
        return whole[:, :, :-1] if self.timed else whole

    def inputs(self, x, *time):
        """What the layers see: time is one more input, the same for every example."""
        return self.xp.concatenate([x, 0 * x[:, :1] + time[0]], axis=1) if self.timed else x


def otherwise(field):
    """The same network as some library has it, off by a hair; itself where all have it so."""
    kind = field.name.split("_")[-1]
    return Field(field.xp, field.name, field.timed, -1) if kind in SPELLINGS else field
