"""✎ Wrong equations, and right values with wrong gradients: at least five, two of them blind.

✎ @mistake(vq_vae_elbo, "value", seen="owner/repository #1") def what_is_wrong(x): …
"""
