"""The page “which reference is my function?”, of the aliases beside the evidence.

    python docs/which.py            writes docs/which-reference.md again

A version is that of which the functions were looked up: of `validation/candidates/peers/requirements.txt` where a
library stands there, of the table below otherwise; of a repository its commit.
"""

import re
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
if str(DOCS.parent) not in sys.path:
    sys.path.append(str(DOCS.parent))

from refdgm.catalogue import CATALOGUE  # noqa: E402
from refdgm.evidence.aliases import LIBRARIES, aliases  # noqa: E402
from validation.make.peers import pins  # noqa: E402

PAGE = DOCS / "which-reference.md"
FIRST = ("torch", "jax", "numpy", "scipy", "sklearn")  # what most people have; then the others by name
LOOKED_UP = {
    "numpy": "2.4",
    "CompVis/taming-transformers": "3ba01b2416",
    "NVlabs/edm": "008a4e5316",
    "crowsonkb/k-diffusion": "4601bf0853",
    "ermongroup/ncsn": "7f27f4a164",
    "lucidrains/denoising-diffusion-pytorch": "faed4db28e",
    "openai/guided-diffusion": "22e0df8183",
    "rtqichen/ffjord": "994864ad0e",
    "yang-song/score_sde_pytorch": "cb1f359f4a",
}
HEAD = """# Which reference is my function?

By library: the function, the reference that tells whether it is right, and what has to be said of it: which of its
arguments are meant, which convention it has, what it draws or clamps inside. Where nothing is said it computes the
same, of arguments that may have other names and another order: [checking your own code](checking-your-code.md) says how
to map them. That a function stands here does not say that it is right; what a check has shown of these libraries is
told in [public code](public-code.md). `refdgm find WORD` searches the same in a terminal, and words of the field too.

<!-- what follows is made by docs/which.py -->
"""


def version(library):
    """That of which the functions were looked up."""
    return pins().get(library) or LOOKED_UP[library]


def libraries():
    """Every library of which there is a function, in the order of the page, with its aliases by name."""
    found = {}
    for name in CATALOGUE:
        for one in aliases(name):
            if one.library:
                found.setdefault(one.library, []).append(one)
    place = {library: place for place, library in enumerate(FIRST)}
    order = sorted(found, key=lambda it: ("/" in it, place.get(it, len(FIRST)), _title(it).lower()))
    return {library: sorted(found[library], key=lambda one: one.name.lower()) for library in order}


def text():
    """The page."""
    parts = [HEAD]
    for library, found in libraries().items():
        rows = "\n".join(f"| `{one.name}` | `{one.reference}` | {_safe(one.under)} |" for one in found)
        head = f"\n## {_title(library)} {version(library)}\n\n| function | reference | of it |\n|---|---|---|\n"
        parts.append(f"{head}{rows}\n")
    return "".join(parts)


def _title(library):
    return LIBRARIES.get(library, library)


def _safe(words):
    return re.sub(r"([|*_`<$\\])", r"\\\1", words)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
