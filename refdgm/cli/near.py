"""What a file has that no reference is called like: a name that is misspelt, or none that we know. Said alike of a
file, of a file in a folder, where functions are selected, and under pytest."""

from collections.abc import Sequence
from difflib import get_close_matches

from refdgm.catalogue import CATALOGUE

FORM = "ModelNew"  # the one class of a file in KernelBench's form, whatever it computes


def nothing(module: str, others: Sequence[str]) -> str:
    """Why nothing of it can be checked, and the way out."""
    and_ = ", and " if FORM in others else ", "
    return (f"{module} has no function with the name of a reference{near(others)}; `refdgm list` has the names"
            f"{and_}{mapped(others)}")


def lacking(module: str, others: Sequence[str], missing: Sequence[str]) -> str:
    """What to do where it has none of the functions that were selected; empty where nothing in it looks like one."""
    alike = near(others)
    if FORM not in others and not alike:
        return ""
    return f"{module} has no {' or '.join(missing)}{alike}; {mapped(others, missing[0])}"


def near(others: Sequence[str]) -> str:
    """The names that look like one of ours."""
    found = [(name, match[0]) for name in others if (match := get_close_matches(name, CATALOGUE, 1, 0.75))]
    return "".join(f"; {name} looks like {match}" for name, match in found)


def mapped(others: Sequence[str], name: str = "<name>") -> str:
    """The line to write; `name`: of the reference that is meant, if it is known."""
    held = "*get_init_inputs()" if "get_init_inputs" in others else ""
    told = f'CANDIDATES = {{"{name}": {FORM}({held})}} says what {FORM} computes'
    return told if FORM in others else "CANDIDATES = {…} maps others"
