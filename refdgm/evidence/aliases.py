"""By what other names people ask for a reference: words of the field, and functions of libraries that compute it.

They are data, `refdgm/evidence/<family>/aliases.toml`, a table of each reference:

    [gaussian_kl]
    words = ["kl", "vae kl"]

    [gaussian_kl.nearly]
    "kl in bits" = "divided by log 2"

    [gaussian_kl.functions]
    "torch.distributions.kl_divergence" = "of Normal(μ, σ) and Normal(0, 1), summed"

`nearly` has words that mean it under a convention, or that mean a close relative, each with what differs; `functions`
has functions by their full name, each with what is to be said of it: which arguments, which convention, what it draws
or clamps inside. Of a function that is in no package the repository stands before it, "owner/name: Class.method".
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from refdgm.evidence.find import concept

LIBRARIES = {  # what is imported, and how people call it
    "blackjax": "BlackJAX",
    "diffusers": "Diffusers",
    "dimod": "dimod",
    "distrax": "Distrax",
    "jax": "JAX",
    "nflows": "nflows",
    "normflows": "normflows",
    "numpy": "NumPy",
    "numpyro": "NumPyro",
    "optax": "Optax",
    "ot": "POT",
    "pyro": "Pyro",
    "pythae": "Pythae",
    "pytorch_fid": "pytorch-fid",
    "scipy": "SciPy",
    "sklearn": "scikit-learn",
    "torch": "PyTorch",
    "torch_fidelity": "torch-fidelity",
    "torch_mimicry": "mimicry",
    "torchcfm": "TorchCFM",
    "torchdiffeq": "torchdiffeq",
    "torchebm": "TorchEBM",
    "torchgan": "TorchGAN",
    "torchmetrics": "TorchMetrics",
    "torchsde": "torchsde",
    "vector_quantize_pytorch": "vector-quantize-pytorch",
    "zuko": "Zuko",
}


@dataclass(frozen=True)
class Alias:
    """A word of the field, where `library` is empty, or a function of a library: a package by its import, or a
    repository. `under` says what differs from the reference, and is empty where nothing has to be said."""

    reference: str
    name: str
    library: str
    under: str

    @property
    def title(self) -> str:
        """The library as people call it."""
        return LIBRARIES.get(self.library, self.library)

    @property
    def short(self) -> str:
        """The function as people write it: F.softmax, DDIMScheduler.step."""
        for whole, brief in (("torch.nn.functional.", "F."), ("torch.nn.", "nn.")):
            if self.name.startswith(whole) and self.name.count(".") == whole.count("."):
                return brief + self.name.removeprefix(whole)
        if self.library in ("", "jax", "numpy", "scipy", "torch") or "/" in self.library:
            return self.name
        parts = self.name.split(".")
        classes = [place for place, part in enumerate(parts) if part.lstrip("_")[:1].isupper()]
        return ".".join(parts[classes[0] if classes else -1:])


@cache
def _told(family: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("refdgm.evidence").joinpath(family, "aliases.toml").read_text("utf-8"))


def aliases(reference: str) -> list[Alias]:
    """Those of a reference by its name: words, words that nearly mean it, functions; as they stand in the file."""
    told = _told(concept(reference).partition(".")[0]).get(reference, {})
    words = dict.fromkeys(told.get("words", ()), "") | told.get("nearly", {})
    found = [Alias(reference, word, "", under) for word, under in words.items()]
    for name, under in told.get("functions", {}).items():
        repository, colon, function = name.partition(": ")
        library = repository if colon else name.partition(".")[0]
        found.append(Alias(reference, function if colon else name, library, under))
    return found
