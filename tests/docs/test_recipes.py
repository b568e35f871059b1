"""The recipes: every file is checked, and what the page shows is what is said of it."""

import re
from pathlib import Path

import pytest

from refdgm.cli.main import main

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")
RECIPES = {name: (text, shown) for name, text, shown in
           re.findall(r"^```python\n# (\w+\.py)\n(.*?)^```\n\n```text\n(.*?)^```$", PAGE, re.M | re.S)}
NEEDS = {"script_loss.py": "torch", "quantizer_module.py": "torch", "half_softplus.py": "torch", "tree.py": "jax",
         "table_method.py": "torch", "latents.py": "torch", "triton_softmax.py": "triton", "in_c.py": "C",
         "layer_class.py": "", "model_new.py": "torch"}


def said(text):
    """What is said of a function but for digits, which are a processor's: its verdict, how many cases."""
    return re.search(r"^✓ \w+  (?:agrees|loses digits), \d+ cases", text, re.M)[0]


def test_none_is_left_out():
    assert RECIPES.keys() == NEEDS.keys() and PAGE.count("```python") == len(NEEDS) == PAGE.count("\n## ")


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.needs(what)] if what else [])
                                  for name, what in NEEDS.items()])
def test_it_is_said_of_it(name, tmp_path, monkeypatch, capsys):
    text, shown = RECIPES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["check", name]) == 0
    assert said(capsys.readouterr().out) == said(shown)
