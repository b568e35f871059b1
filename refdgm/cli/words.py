"""Text as it is searched: words without accents and capitals, CamelCase taken apart, dpm++ for dpmpp."""

import re
from functools import cache
from unicodedata import combining, normalize

INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
BRIEF = {"f": "functional", "jnp": "numpy", "np": "numpy", "jsp": "scipy", "dist": "distributions"}
ALIKE = {"normalisation": "normalization", "normalised": "normalized", "normalising": "normalizing",
         "normaliser": "normalizer", "regularisation": "regularization", "reparametrize": "reparameterize",
         "reparametrization": "reparameterization", "reparametrisation": "reparameterization"}
CALL = re.compile(r"^([\w.]{3,})\(.*\)$")


@cache
def words(text: str) -> tuple[str, ...]:
    """The words of a text, of a name or of a path."""
    plain = "".join(letter for letter in normalize("NFKD", text) if not combining(letter))
    plain = INSIDE.sub(" ", plain).lower().replace("++", "pp")
    return tuple(ALIKE.get(word, word) for word in re.findall(r"[^\W_]+", plain))


def asked(text: str) -> tuple[str, ...]:
    """The words that are asked for; of a call, its function."""
    call = CALL.match(text.strip())
    return words(call[1] if call else text)


@cache
def alike(asked: str, word: str) -> float:
    """How nearly one word is another: it itself, its plural, its beginning."""
    if word == asked:
        return 1.0
    if word == BRIEF.get(asked) or word.rstrip("s") == asked.rstrip("s") != "":
        return 0.9
    if len(asked) >= 3 and word.startswith(asked):
        return 0.5 + 0.4 * len(asked) / len(word)
    return 0.0
