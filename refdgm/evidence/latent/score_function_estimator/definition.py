"""A mean over draws; a stopped gradient is an argument read from `held`."""

from refdgm.evidence import traced


def score_function_estimator(xp, log_prob, cost, baseline):
    return xp.sum(cost, axis=1) / cost.shape[1]


def score_function_estimator__held(xp, held, log_prob, cost, baseline):
    weight = held["cost"] - held["baseline"][:, None]
    return xp.sum(cost + weight * (log_prob - held["log_prob"]), axis=1) / cost.shape[1]


def score_function_estimator__usual(xp, log_prob, cost, baseline):
    weight = traced.stopped(cost) - traced.stopped(baseline)[:, None]
    return xp.sum(cost + weight * (log_prob - traced.stopped(log_prob)), axis=1) / cost.shape[1]


def score_function_estimator__ratio(xp, log_prob, cost, baseline):
    """The ratio q/sg(q), which is one, in front of the cost and of what the baseline takes back."""
    ratio = xp.exp(log_prob - traced.stopped(log_prob))
    weight = traced.stopped(cost) - traced.stopped(baseline)[:, None]
    return xp.sum(cost + weight * (ratio - 1), axis=1) / cost.shape[1]


def leave_one_out_estimator(xp, log_prob, cost):
    return xp.sum(cost, axis=1) / cost.shape[1]


def of_the_others(xp, cost):
    """The mean of the other costs, of each draw."""
    return (xp.sum(cost, axis=1, keepdims=True) - cost) / (cost.shape[1] - 1)


def leave_one_out_estimator__held(xp, held, log_prob, cost):
    weight = held["cost"] - of_the_others(xp, held["cost"])
    return xp.sum(cost + weight * (log_prob - held["log_prob"]), axis=1) / cost.shape[1]


def leave_one_out_estimator__usual(xp, log_prob, cost):
    f = traced.stopped(cost)
    weight = f - of_the_others(xp, f)
    return xp.sum(cost + weight * (log_prob - traced.stopped(log_prob)), axis=1) / cost.shape[1]


def leave_one_out_estimator__centred(xp, log_prob, cost):
    """The deviation from the mean of all, over R − 1."""
    f = traced.stopped(cost)
    weight = (f - xp.sum(f, axis=1, keepdims=True) / f.shape[1]) / (f.shape[1] - 1)
    return xp.sum(cost, axis=1) / cost.shape[1] + xp.sum(weight * (log_prob - traced.stopped(log_prob)), axis=1)
