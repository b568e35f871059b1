"""The path of flow matching in torchcfm, as Lipman et al. have it."""

from torchcfm.conditional_flow_matching import TargetConditionalFlowMatcher


def flow_matching_path(x0, x1, t, sigma_min):
    matcher = TargetConditionalFlowMatcher(sigma=sigma_min)
    xt = matcher.sample_xt(x0, x1, t, x0)
    return {"xt": xt, "target": matcher.compute_conditional_flow(x0, x1, t, xt)}


CANDIDATES = {"flow_matching_path": {"function": flow_matching_path, "framework": "torch"}}
