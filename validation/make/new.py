"""Lay the skeleton of a reference: `python validation/make/new.py NAME FAMILY [--source KEY]`.

    python validation/make/new.py sde_coefficients sde --source song2021sde

Module, evidence, test, derivation page, its line in the index, the catalogue's lines, a table among the aliases of its
family and, for a KEY that is not there yet, an entry of the bibliography. What is to be written stands at a ✎; tests
refuse the reference until none is left. Nothing is overwritten: where a file is there already, nothing is done at all.
"""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MODULE = '''"""✎ What it is."""

from refdgm.declaration.domain import real
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={"x": real("B", "D", meaning="✎")},
    wrt=("x",),
    result=real("B", meaning="✎"),
    source="KEY",
)
def NAME(x: Array) -> Result:
    """✎ What it is for.

        y = ✎                                                                 (1)

    Cotangent for y_bar:

        x_bar = ✎                                                                (2)

    ✎ What is a choice here, and what else the field does.
    Source: ✎ Author (year), equation.
    """
    xp = namespace(x)
    y = xp.sum(x, axis=-1)  # (1) ✎

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {"x": y_bar[:, None] + xp.zeros_like(x)}                       # (2) ✎

    return y, pullback
'''

DEFINITION = '''"""✎ The definition from the textbook: no stable form, nothing imported but other definitions.

✎ def NAME(xp, x): …, and NAME__usual, NAME__<word> for the forms that an honest author writes otherwise.
"""
'''

MISTAKES = '''"""✎ Wrong equations, and right values with wrong gradients: at least five, two of them blind.

✎ @mistake(NAME, "value", seen="owner/repository #1") def what_is_wrong(x): …
"""
'''

REWRITES = '''"""✎ At least one correct body written otherwise, in NumPy; none may be blamed.

✎ @rewrite(NAME) def how_it_differs(x): …
"""
'''

CASES = '''"""✎ At least twenty questions, most of them of prime sizes, one of equal sizes, one of a single example."""

from refdgm.evidence.ask import Ask

NOTES: dict[str, str] = {}  # ✎ what the flags mean that are of these cases alone
CASES: dict[str, list[Ask]] = {"NAME": []}  # ✎
'''

TEST = '''"""✎ What is tested."""

from refdgm.FAMILY.NAME import NAME

from ..kit import verify

TestCLASS = verify(NAME)


class TestLaws:
    """✎ At least one law whose right side calls no function of the package; each says what it kills."""
'''

PAGE = '''# ✎ Title

From ✎ to ✎.

Source: ✎.

**Conventions.** ✎

## 1. ✎

<details><summary>given <code>objects</code></summary>

```python
x = mat(2, 3)
```

</details>

```math
y=✎
```

<details><summary>definition <code>start</code></summary>

```python
[fsum(row) for row in x]
```

</details>

```math
=✎
```

<details><summary>✓ <code>package</code></summary>

```python
# code: refdgm.FAMILY.NAME:NAME
[fsum(reversed(row)) for row in x]
```

```python
package(x)[0]
```

</details>

> ⚠ **Known mistake**: ✎ What people write.

<details><summary>⚠ <code>package</code></summary>

```python
[-fsum(row) for row in x]
```

</details>

## Pitfalls

* ✎
'''

ALIASES = '''
[NAME]
words = ["✎ what people call it"]

[NAME.functions]
"✎ library.function" = "✎ with which arguments, under which convention; what it draws or clamps inside"
'''

STUB = '''@misc{KEY,
  author = {✎},
  title = {✎},
  year = {✎}
}
'''


def files(name: str, family: str) -> dict[str, str]:
    """What is laid, by path."""
    evidence = f"refdgm/evidence/{family}/{name}"
    return {
        f"refdgm/{family}/{name}.py": MODULE,
        f"{evidence}/__init__.py": "",
        f"{evidence}/definition.py": DEFINITION,
        f"{evidence}/mistakes.py": MISTAKES,
        f"{evidence}/rewrites.py": REWRITES,
        f"{evidence}/cases.py": CASES,
        f"tests/{family}/test_{name}.py": TEST,
        f"docs/derivations/{name}.md": PAGE,
    }


def catalogued(text: str, name: str, family: str) -> str:
    """The catalogue with an import in its place and an entry at the end of its family."""
    line = f"from refdgm.{family}.{name} import {name}"
    lines = text.splitlines()
    imports = [i for i, one in enumerate(lines) if one.startswith("from refdgm.") and one < line]
    lines.insert(max(imports) + 1, line)
    head = lines.index(f'    "{family}": (')
    lines.insert(lines.index("    ),", head), f"        {name},")
    return "\n".join(lines) + "\n"


def indexed(text: str, name: str, family: str) -> str:
    """The index of the derivations with a line after the last of this family's references, or the last of all."""
    lines = text.splitlines()
    concepts = [path.stem for path in (ROOT / "refdgm" / family).glob("*.py")]
    rows = [i for i, one in enumerate(lines) if one.startswith("| [")]
    ours = [i for i in rows if any(f"`{concept}`" in lines[i] for concept in concepts)]
    lines.insert(max(ours or rows) + 1, f"| [{name}]({name}.md) | ✎ | `{name}` |")
    return "\n".join(lines) + "\n"


def cited(text: str, key: str) -> str:
    """The bibliography with an entry for this key, in the order of keys."""
    entries = re.split(r"^(?=@)", text, flags=re.MULTILINE)
    if any(f"{{{key}," in entry for entry in entries):
        return text
    before = [i for i, entry in enumerate(entries) if "{" in entry and entry.split("{")[1].split(",")[0] < key]
    entries.insert(max(before, default=0) + 1, STUB.replace("KEY", key))
    return "".join(entries)


def laid(name: str, family: str, key: str) -> dict[Path, str]:
    """All that is to be written, by path; refused where a name has no place or is taken."""
    catalogue = ROOT / "refdgm" / "catalogue.py"
    text = catalogue.read_text(encoding="utf-8")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise SystemExit(f"NAME must be in lower case, words joined by _, got {name!r}; write it so")
    families = re.findall(r'^    "(\w+)": \($', text, flags=re.MULTILINE)
    if family not in families:
        raise SystemExit(f"FAMILY must be one of {', '.join(families)}, got {family!r}; take one of them")
    if re.search(rf"\b{name}\b", text):
        raise SystemExit(f"NAME must be new, got {name!r}, which the catalogue has; choose another name")
    named = name.title().replace("_", "")
    new = {ROOT / path: skeleton.replace("CLASS", named).replace("NAME", name).replace("FAMILY", family)
           .replace("KEY", key) for path, skeleton in files(name, family).items()}
    there = [str(path.relative_to(ROOT)) for path in new if path.exists()]
    if there:
        raise SystemExit(f"NAME must be new, but {there[0]} is there; move it away or choose another name")
    aliases = ROOT / "refdgm" / "evidence" / family / "aliases.toml"
    changed = {
        catalogue: catalogued(text, name, family),
        aliases: aliases.read_text(encoding="utf-8") + ALIASES.replace("NAME", name),
        ROOT / "docs" / "derivations" / "README.md": indexed(
            (ROOT / "docs" / "derivations" / "README.md").read_text(encoding="utf-8"), name, family),
        ROOT / "docs" / "bibliography.bib": cited(
            (ROOT / "docs" / "bibliography.bib").read_text(encoding="utf-8"), key),
    }
    return new | {path: text for path, text in changed.items() if path.read_text(encoding="utf-8") != text}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", metavar="NAME", help="the function's; also the file's")
    parser.add_argument("family", metavar="FAMILY", help="a folder of refdgm with maths in it, say sde")
    parser.add_argument("--source", metavar="KEY", help="its key in docs/bibliography.bib (default: NAME)")
    chosen = parser.parse_args(arguments)
    written = laid(chosen.name, chosen.family, chosen.source or chosen.name)
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
    print(f"what is missing: python -m pytest tests/test_complete.py -k {chosen.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
