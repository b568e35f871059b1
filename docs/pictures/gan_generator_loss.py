"""Three objectives of a generator by the logit of one sample: what they say, and how strongly they pull.

A discriminator that is sure of a sample gives it a logit far to the left, where training begins. One should see the
minimax and the probability flat there, with a pull that is gone at ten to the minus four where the logit is −9, and
the non-saturating objective pull with all its strength. On the right, where the discriminator is taken in, it is the
other way round: non-saturating stops and minimax goes on.
"""

import numpy as np
from style import BLUE, GREEN, RED, axes, save

from refdgm import gan_generator_loss

logit = np.linspace(-10, 10, 201)
figure, [[left, right]] = axes(2, width=3.8, height=2.7)
for objective, colour in (("minimax", RED), ("non_saturating", BLUE), ("probability", GREEN)):
    value, pullback = gan_generator_loss.vjp(logit, objective=objective)
    left.plot(logit, value, color=colour, label=objective.replace("_", "-"))
    right.semilogy(logit, -pullback(np.ones_like(value))["fake"], color=colour)
left.set(xlabel="logit of a sample", title="the objective, which is lowered", ylim=(-7, 10))
left.legend()
right.set(xlabel="logit of a sample", title="the pull towards higher logits", ylim=(3e-5, 3))
save(figure, "gan_generator_loss")
