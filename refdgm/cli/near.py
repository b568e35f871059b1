"""What a file has that no reference is called like: a name that is misspelt, or none that we know."""

from difflib import get_close_matches

from refdgm.catalogue import CATALOGUE


def near(others: tuple[str, ...]) -> str:
    """The names that look like one of ours."""
    found = [(name, match[0]) for name in others if (match := get_close_matches(name, CATALOGUE, 1, 0.75))]
    return "".join(f"; {name} looks like {match}" for name, match in found)


def mapped(others: tuple[str, ...]) -> str:
    """The way out; a file in KernelBench's form has one class, whatever it computes."""
    held = "*get_init_inputs()" if "get_init_inputs" in others else ""
    told = f'and CANDIDATES = {{"<name>": ModelNew({held})}} says what ModelNew computes'
    return told if "ModelNew" in others else "CANDIDATES = {…} maps others"
