"""What the definitions of the diffusion share: a number of an example beside its components."""


def every(xp, number, x):
    """`number` of shape (B,), with an axis of length one for each axis of an example of `x`."""
    return xp.reshape(number, number.shape + (1,) * len(x.shape[1:]))


def total(xp, x):
    """The sum over the components of each example."""
    for _ in x.shape[1:]:
        x = xp.sum(x, axis=-1)
    return x
