"""How the pictures look, and how they are saved: the same bytes on every run with the same matplotlib."""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

FOLDER = Path(__file__).resolve().parent
INK, BLUE, RED, GREEN, GREY = "#222222", "#2b5f9e", "#b5423c", "#3c7d4e", "#9a9a9a"
plt.rcParams |= {
    "svg.hashsalt": "refdgm", "svg.fonttype": "path", "figure.constrained_layout.use": True, "font.size": 9,
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": INK, "axes.labelcolor": INK,
    "axes.titlesize": 10, "legend.frameon": False, "lines.linewidth": 1.6,
    "axes.prop_cycle": matplotlib.cycler(color=[BLUE, RED, GREEN, GREY, INK]),
}


def axes(columns: int = 1, width: float = 3.4, height: float = 2.5):
    """A figure with so many axes side by side."""
    return plt.subplots(1, columns, figsize=(width * columns, height), squeeze=False)


def save(figure, name: str, folder: Path = FOLDER) -> None:
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
