"""min(SNR, γ), divided by SNR or SNR + 1 for a prediction of ε or v; the smaller one is chosen by its place."""


def min_snr_weight(xp, alpha_prod, gamma, *, target):
    snr = alpha_prod / (1 - alpha_prod)
    both = xp.stack([snr, gamma + 0 * snr], axis=1)
    cut = both[xp.arange(snr.shape[0]), xp.argmin(both, axis=1)]
    if target == "x0":
        return cut
    if target == "v":
        return cut / (snr + 1)
    return cut / snr
