"""The nearest code and the two losses of VQ-VAE; a stopped gradient is an argument read from `held`."""

from refdgm.evidence import traced


def code(xp, z, codebook):
    distances = [xp.sum((z - codebook[j]) ** 2, axis=1) for j in range(codebook.shape[0])]
    return xp.argmin(xp.stack(distances, axis=1), axis=1)


def vector_quantization(xp, z, codebook, beta):
    k = code(xp, z, codebook)
    squared = xp.sum((z - codebook[k]) ** 2, axis=1)
    return k, codebook[k], squared, beta * squared


def vector_quantization__held(xp, held, z, codebook, beta):
    k = code(xp, held["z"], held["codebook"])
    straight_through = z + (held["codebook"][k] - held["z"])
    codebook_loss = xp.sum((held["z"] - codebook[k]) ** 2, axis=1)
    commitment_loss = beta * xp.sum((z - held["codebook"][k]) ** 2, axis=1)
    return None, straight_through, codebook_loss, commitment_loss


def vector_quantization__usual(xp, z, codebook, beta):
    k = code(xp, traced.stopped(z), traced.stopped(codebook))
    chosen = codebook[k]
    codebook_loss = xp.sum((traced.stopped(z) - chosen) ** 2, axis=1)
    commitment_loss = beta * xp.sum((z - traced.stopped(chosen)) ** 2, axis=1)
    return k, z + traced.stopped(chosen - z), codebook_loss, commitment_loss
