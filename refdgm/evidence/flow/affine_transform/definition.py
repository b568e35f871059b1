"""x = scale z + shift; log |det| of a diagonal Jacobian."""

from refdgm.evidence.diffusion.components import total


def affine_transform(xp, z, scale, shift):
    return scale * z + shift, total(xp, xp.log(xp.abs(scale)))


def affine_transform__squared(xp, z, scale, shift):
    """By log a² / 2, which needs no modulus."""
    return scale * z + shift, total(xp, xp.log(scale**2)) / 2
