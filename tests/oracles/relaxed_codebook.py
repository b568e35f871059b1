"""A weighted sum of codes, one code after the other."""


def value(xp, c, codebook):
    return sum(c[:, k, None] * codebook[k] for k in range(codebook.shape[0]))
