"""The figures of docs/guides/how-we-know.md, from the records; `python docs/figures.py` writes them there."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "guides" / "how-we-know.md"


def record(name):
    return (ROOT / "validation" / "reports" / f"{name}.md").read_text(encoding="utf-8")


def figures():
    """The sentences of "How we know" that have numbers in them, from the records."""
    files = (ROOT / "validation" / "vectors").glob("*.json")
    vectors = [index["cases"] for path in files if "cases" in (index := json.loads(path.read_text(encoding="utf-8")))]
    detection, corpus, mutants, accuracy = map(record, ("detection", "corpus", "mutants", "accuracy"))
    row = {name: re.search(rf"^\| `{name}` \| (\d+ of \d+) \| (\d+ of \d+) \|", detection, re.M)
           for name in ("check", "gradcheck", "value_1e-6")}
    later, of = re.search(r"with these, (\d+) of (\d+)\.", detection).groups()
    forms, references = re.search(r"^(\d+) forms of (\d+) references", corpus, re.M).groups()
    blamed = re.search(r"Blamed: (\d+) of \d+ in float64, (\d+) of \d+ in float32, (\d+ of \d+) in fresh", corpus)
    why = re.search(r"In (\d+) of these the form is right .*?; in (\d+) the .*?; (\d+) can", corpus, re.S)
    asked, cases, tests, other, alive = map(
        int, re.search(r"\| the maths \| \d+ \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", mutants).groups())
    goals = re.search(r"(\d+ of \d+) rows", accuracy)[1]
    return [
        f"{sum(map(len, vectors))} certified cases of {len(vectors)} references.",
        f"| `refdgm check` | {row['check'][1]} | {row['check'][2]} |",
        f"| `torch.autograd.gradcheck` | {row['gradcheck'][1]} | {row['gradcheck'][2]} |",
        f"| the value, to 1e-6 | {row['value_1e-6'][1]} | {row['value_1e-6'][2]} |",
        f"the certified cases find {later} of {of}",
        f"of {asked} changes {cases + tests} are noticed, {other} are no other function, {alive} are left.",
        f"{forms} right forms of {references} references",
        f"blamed are {blamed[1]} in float64, {blamed[2]} in float32, {blamed[3]} in fresh cases.",
        f"In {why[2]} of these the form fails at that input indeed, {why[3]} can be seen either way, {why[1]} are "
        "false alarms.",
        f"{goals} rows are within their goals",
    ]


def written(page):
    """The page with the figures of today."""
    for sentence in figures():
        parts = [re.sub(r"(?:\\ )+", r"(\\s+)", re.escape(part)) for part in re.split(r"\d+", sentence)]
        found = re.search(r"\d+".join(parts), page)
        if not found:
            raise ValueError(f"{PAGE.name} has no sentence like this one: {sentence}")
        words = zip(sentence.split(" "), (*found.groups(), ""), strict=True)
        page = page[: found.start()] + "".join(word + space for word, space in words) + page[found.end() :]
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
