"""Classifier guidance, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.classifier_guidance import classifier_guidance
from refdgm.evidence.declare import rewrite


@rewrite(classifier_guidance)
def in_scores(eps_pred: Any, log_prob_grad: Any, alpha_prod: Any, gamma: Any) -> Any:
    """−σ (s + γ g) with the score s = −ε/σ."""
    sigma = np.sqrt(1 - alpha_prod).reshape(alpha_prod.shape + (1,) * (eps_pred.ndim - 1))
    score = -eps_pred / sigma + gamma * log_prob_grad
    axes = tuple(range(1, eps_pred.ndim))

    def pullback(bar: Any) -> dict[str, Any]:
        score_bar = -sigma * bar
        return {
            "eps_pred": -score_bar / sigma,
            "log_prob_grad": gamma * score_bar,
            "alpha_prod": np.sum(bar * gamma * log_prob_grad / (2 * sigma), axis=axes),
            "gamma": np.vdot(score_bar, log_prob_grad),
        }

    return -sigma * score, pullback
