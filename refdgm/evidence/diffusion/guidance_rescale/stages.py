"""The rescaling of guided predictions: two deviations, their quotient, a mixture."""

from refdgm.evidence.diffusion.guidance_rescale.definition import deviation


def guidance_rescale(xp, guided, cond, phi):
    of_cond, of_guided = deviation(xp, cond), deviation(xp, guided)
    yield "deviation_cond", "that of a whole example of ε_c; its mean square divides by n, which cancels below", of_cond
    yield "deviation_guided", "that of ε_hat, likewise", of_guided
    yield "factor", "their quotient, of ε_c over ε_hat", of_cond / of_guided
    rescaled = guided * of_cond / of_guided
    yield "rescaled", "ε_hat times that", rescaled
    yield "value", "φ of the rescaled and 1 − φ of ε_hat", phi * rescaled + (1 - phi) * guided
