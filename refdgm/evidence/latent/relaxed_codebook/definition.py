"""A weighted sum of codes, one code after the other."""


def relaxed_codebook(xp, c, codebook):
    return sum(c[:, k, None] * codebook[k] for k in range(codebook.shape[0]))


def relaxed_codebook__usual(xp, c, codebook):
    return c @ codebook
