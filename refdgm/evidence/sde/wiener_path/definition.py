"""Independent increments, each normal with the length of its step for variance, added up."""


def wiener_path(xp, eps, h):
    w, path = 0, []
    for n in range(eps.shape[1]):
        w = w + xp.sqrt(h[n]) * eps[:, n]
        path.append(w)
    return xp.stack(path, axis=1)
