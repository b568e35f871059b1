"""What a console and a notebook show: of a function that was checked, and of a reference."""

import inspect
import pydoc
import re

import autograd.numpy as anp
import pytest

from refdgm import CATALOGUE
from refdgm.cli.notebook import page, plain
from refdgm.declaration.domain import real
from refdgm.reference import reference
from refdgm.testing import check, look

from .test_page import Read

HOSTILE = "<script>steal()</script> $x$ & <b onclick='x'> `y` | *z*"


def kl(mean, logvar):
    return anp.sum(mean**2 + anp.expm1(logvar) - logvar, axis=1) / 2


def raising(mean, logvar):
    raise ValueError(f"{HOSTILE}\nof two lines")


def double(mean, logvar):
    return 2 * kl(mean, logvar)


def by_deviation(mean, logvar):
    return kl(mean, 2 * logvar)


FUNCTIONS = {kl: "yes", double: "no", raising: "no", by_deviation: "meant"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_result_is_shown_in_a_line_and_as_a_table(function):
    found = look(function, "gaussian_kl")
    assert repr(found).startswith("<gaussian_kl in float64: ") and found.verdict in repr(found)
    assert "\n" not in repr(found) and len(repr(found)) < 160
    read = Read()
    read.feed(text := found._repr_html_())
    assert read.open == [] and read.tags <= {"style", "div", "details", "summary", "p", "b", "small", "figure", "span",
                                             "figcaption", "sub", "sup", "table", "thead", "tbody", "tr", "th", "td"}
    assert not {name for name in read.attributes if name.startswith("on") or name in ("src", "href")}
    assert f'class="refdgm-checked {FUNCTIONS[function]} tex2jax_ignore mathjax_ignore"' in text and len(text) < 8000
    assert found.asked == len(found.results) and str(found.answered) in repr(found)


def test_what_is_wrong_is_told_and_what_a_candidate_says_is_text():
    assert "the known mistake gaussian_kl/missing_half" in look(double, "gaussian_kl")._repr_html_()
    read = Read()
    read.feed(look(raising, "gaussian_kl")._repr_html_())
    assert HOSTILE in read.text


def test_to_look_is_to_check_without_raising():
    found = look(double, "gaussian_kl", dtype="float32", strict=True, reduction="none", sizes={"B": 3})
    assert found.dtype == "float32" and found.verdict == "differs"
    with pytest.raises(AssertionError, match="differs"):
        check(double, "gaussian_kl")
    assert type(check(kl, "gaussian_kl")) is type(found)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_signature_has_shapes_and_binds_what_a_call_takes(name):
    ref = CATALOGUE[name]
    signature = inspect.signature(ref)
    assert len(str(signature).splitlines()[0]) <= 80
    signature.bind(*ref.arrays, **dict.fromkeys(ref.options), check_values=False)
    for argument in ref.arrays:
        domain = ref.args[argument]
        told = str(signature.parameters[argument])
        if hasattr(domain, "shape"):
            assert f"{argument}: ({', '.join(map(str, domain.shape))}" in told and domain.support.name in told
        assert told in pydoc.plain(pydoc.render_doc(ref))
    for result in ref.result if len(ref.result) > 1 else ():
        assert f"{result}: (" in str(signature).rpartition(" -> ")[2]
    assert "\n" not in repr(ref) and len(repr(ref)) < 80


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_reference_is_a_page(name):
    ref = CATALOGUE[name]
    text = ref._repr_markdown_()
    assert text == page(ref) and text.startswith(f"**{plain(name)}**") and text.count("```") % 2 == 0
    rows = [re.split(r"(?<!\\)\|", line) for line in text.splitlines() if line.startswith("|")]
    assert all(len(row) == 5 for row in rows), "a table of three columns"
    assert [row[1].strip(" `") for row in rows[2:2 + len(ref.args)]] == list(ref.args)
    assert [row[1].strip(" `") for row in rows[-len(ref.result):]] == list(ref.result)
    for convention in (*ref.conventions, *ref.exchanges):
        assert f"- {plain(convention)}: " in text
    numbered = re.findall(r"^    .*(\(\d+\w?\))$", inspect.getdoc(ref.body), re.MULTILINE)
    fenced = "\n".join(re.findall(r"```text\n(.*?)\n```", text, re.DOTALL))
    assert numbered and re.findall(r"\(\d+\w?\)$", fenced, re.MULTILINE) == numbered
    assert text.endswith(f"Derivation: `refdgm docs {name}`\n")


def mine():
    """A reference of one's own, whose texts are hostile, under a name that is taken."""

    @reference(args={"x": real("B", meaning=HOSTILE)}, result=real("B", meaning=HOSTILE), wrt=("x",), source="")
    def softmax(x):
        """<img src=x onerror=steal()> [a](javascript:b) ![c](d)

        x = `1` ``` <b>                                                      (1)

            y = ``` <i>                                                      (1)
        """
        return x, lambda value_bar: {"x": value_bar}

    return softmax


def test_text_of_ones_own_is_text():
    text = mine()._repr_markdown_()
    assert "refdgm docs" not in text, "it is another than ours of this name"
    fence = re.search(r"^(`{4,})text\ny = ``` <i>.*\n\1$", text, re.MULTILINE)
    outside = text.replace(fence[0], "")
    assert "<" not in outside and "![" not in outside.replace("\\!", "") and "](" not in outside.replace("\\]", "")
    for letter in "$*|":
        assert not re.search(rf"(?<!\\)\{letter}", plain(HOSTILE))


@pytest.mark.needs("markdown_it")
def test_as_a_reader_of_markdown_has_it():
    from markdown_it import MarkdownIt

    read = Read()
    read.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(mine()._repr_markdown_()))
    assert read.tags == {"p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "pre"}
    assert HOSTILE in read.text and "<img src=x onerror=steal()> [a](javascript:b) ![c](d)" in read.text
