"""What the programs of the gallery share: noise that repeats, first weights, Adam, digits, and where results go."""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent
sys.path.append(str(FOLDER.parent / "pictures"))  # for `style`, the look of all pictures
TABLE = re.compile(r"<!-- numbers -->\n.*?<!-- and end here -->", re.S)


def seeded(key):
    """The same draws with every NumPy: Philox is a function of its key and a counter."""
    return np.random.Generator(np.random.Philox(key=key))


def layers(rng, *sizes):
    """θ of `mlp`: weights of variance 1/inputs, no biases."""
    theta = {}
    for number, (inputs, outputs) in enumerate(pairwise(sizes), 1):
        theta[f"W{number}"] = rng.standard_normal((outputs, inputs)) / np.sqrt(inputs)
        theta[f"b{number}"] = np.zeros(outputs)
    return theta


class Adam:
    """Kingma & Ba (2015), algorithm 1, on a dict of arrays that it changes in place."""

    def __init__(self, theta, rate, first=0.9, second=0.999):
        self.theta, self.rate, self.decays, self.count = theta, rate, (first, second), 0
        self.mean, self.square = ({name: np.zeros_like(entry) for name, entry in theta.items()} for _ in range(2))

    def step(self, gradient, share=1.0):
        """Downhill, by a share of the rate."""
        self.count += 1
        first, second = self.decays
        for name, g in gradient.items():
            self.mean[name] = first * self.mean[name] + (1 - first) * g
            self.square[name] = second * self.square[name] + (1 - second) * g**2
            mean, square = self.mean[name] / (1 - first**self.count), self.square[name] / (1 - second**self.count)
            self.theta[name] -= share * self.rate * mean / (np.sqrt(square) + 1e-8)


def digits(rng, test=297, of="data"):
    """Scikit-learn's 1797 digits of 8 × 8 pixels from 0 to 16, or which they are (`target`), shuffled; those for
    training and those that are held out."""
    from sklearn.datasets import load_digits

    told = load_digits()[of]
    order = rng.permutation(len(told))
    return told[order[test:]], told[order[:test]]


def mosaic(images, columns):
    """Digits side by side as one picture, a light line between them."""
    tiles = np.pad(images.reshape(-1, columns, 8, 8), [(0, 0), (0, 0), (0, 1), (0, 1)], constant_values=0.25)
    return tiles.transpose(0, 2, 1, 3).reshape(len(tiles) * 9, columns * 9)[:-1, :-1]


def table(numbers):
    """Numbers as a table of Markdown, between the marks that a page has for it."""
    def cell(entry):
        return "–" if entry is None else entry if isinstance(entry, str) else f"{entry:.4g}".replace("-", "−")

    lines = [numbers["columns"], ["---"] * len(numbers["columns"]), *numbers["rows"]]
    text = "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines)
    return f"<!-- numbers -->\n\n{text}\n\n<!-- and end here -->"


def publish(name, columns, rows, figure):
    """The numbers to four digits, as JSON and into the page, and the picture."""
    from style import save

    rows = [[float(f"{x:.4g}") if isinstance(x, float) else x for x in row] for row in rows]
    numbers = {"columns": columns, "rows": rows}
    text = json.dumps(numbers, indent=1, ensure_ascii=False)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    page = FOLDER / f"{name}.md"
    if page.exists():
        page.write_text(TABLE.sub(lambda _: table(numbers), page.read_text(encoding="utf-8")), encoding="utf-8")
    figure.set_dpi(200)  # of what is rasterised
    save(figure, name, FOLDER)
    print(table(numbers))
