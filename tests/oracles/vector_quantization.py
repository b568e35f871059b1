"""The nearest code and the two losses of VQ-VAE; a stopped gradient is an argument read from `held`."""


def code(xp, z, codebook):
    distances = [xp.sum((z - codebook[j]) ** 2, axis=1) for j in range(codebook.shape[0])]
    return xp.argmin(xp.stack(distances, axis=1), axis=1)


def value(xp, z, codebook, beta):
    k = code(xp, z, codebook)
    squared = xp.sum((z - codebook[k]) ** 2, axis=1)
    return k, codebook[k], squared, beta * squared


def surrogate(xp, held, z, codebook, beta):
    k = code(xp, held["z"], held["codebook"])
    straight_through = z + (held["codebook"][k] - held["z"])
    codebook_loss = xp.sum((held["z"] - codebook[k]) ** 2, axis=1)
    commitment_loss = beta * xp.sum((z - held["codebook"][k]) ** 2, axis=1)
    return None, straight_through, codebook_loss, commitment_loss
