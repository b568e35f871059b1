"""✎ The definition from the textbook: no stable form, nothing imported but other definitions.

✎ def vq_vae_elbo(xp, x): …, and vq_vae_elbo__usual, vq_vae_elbo__<word> for the forms that an honest author writes otherwise.
"""
