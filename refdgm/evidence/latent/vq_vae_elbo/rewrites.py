"""✎ At least one correct body written otherwise, in NumPy; none may be blamed.

✎ @rewrite(vq_vae_elbo) def how_it_differs(x): …
"""
