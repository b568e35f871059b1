"""The formula as the paper prints it, and the same by the odds."""


def timestep_shift(xp, t, shift):
    return shift * t / (1 + (shift - 1) * t)


def timestep_shift__summed(xp, t, shift):
    return shift * t / ((1 - t) + shift * t)


def timestep_shift__from_the_other_end(xp, t, shift):
    """One less what is left to the data."""
    return 1 - (1 - t) / ((1 - t) + shift * t)
