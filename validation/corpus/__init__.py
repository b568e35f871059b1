"""Right functions as the field writes them, in other words than ours: nobody may blame one of them.

The authors of these have not seen what `refdgm check` allows. `FAMILIES` names the modules, each with a list FORMS of
entries; `running` puts them to the check, `blamed` lists those that it calls wrong today.
"""

FAMILIES = (
    "primitives",
    "gaussians",
    "nets",
    "latent",
    "score",
    "sde",
    "diffusion",
    "samplers",
    "reparametrised",
    "ode",
    "flow",
    "processes",
    "kernels",
    "laws",
    "edm",
    "edm_samplers",
    "flow_matching",
    "determinants",
    "partition",
    "boltzmann",
    "restricted",
    "deep_boltzmann",
    "energies",
    "composed_flows",
    "flow_layers",
    "autoregressive",
    "probability_flow",
    "flow_layers_public",
    "autoregressive_public",
    "energies_public",
    "variational",
    "adversarial",
    "bounds",
    "variational_public",
    "adversarial_public",
    "boltzmann_public",
)
