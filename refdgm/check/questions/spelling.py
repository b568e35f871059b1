"""Marks over letters as words, `x_bar`, as all other texts spell them.

Indexes of vectors are kept byte for byte as they were made, and some were made with bars, hats, tildes and dots that
stand over a letter as characters of their own, which most monospaced founts set beside it.
"""

import re
from unicodedata import normalize

WORDS = {"\u0304": "_bar", "\u0302": "_hat", "\u0303": "_tilde", "\u0307": "_dot"}
OWN = "ᾱ"  # a letter by itself, the running product of a schedule
MARKED = re.compile(r"(?<![A-Za-z]{2})(?![\u0304\u0302\u0303\u0307])([^\W\d_])([\u0304\u0302\u0303\u0307])")


def spelled(text: str) -> str:
    """A text with its marks in words; a letter within a word, as that of Itô, keeps what it has."""
    apart = "".join(letter if letter == OWN else normalize("NFD", letter) for letter in text)
    return normalize("NFC", MARKED.sub(lambda found: found[1] + WORDS[found[2]], apart))
