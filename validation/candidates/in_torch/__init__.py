"""Every reference in PyTorch, by torch's own functions where they exist, a file for each family."""

# ruff: noqa: F403
from .adversarial import *
from .autoregressive import *
from .boltzmann import *
from .composed_flows import *
from .determinants import *
from .diffusion import *
from .edm import *
from .energies import *
from .flow import *
from .flow_layers import *
from .flow_matching import *
from .latent import *
from .metrics import *
from .nets import *
from .ode import *
from .partition import *
from .primitives import *
from .probability_flow import *
from .processes import *
from .restricted import *
from .score import *
from .sde import *
from .sde_paths import *
from .sde_samplers import *
from .variational import *
