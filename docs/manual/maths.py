"""Formulas as elements that hold their TeX; `manual.js` has the KaTeX beside it set them in the reader's browser."""

from html import escape

from docutils import nodes


def inline(self, node):
    self.body.append(f'<span class="tex">{escape(node.astext())}</span>')
    raise nodes.SkipNode


def display(self, node):
    self.body.append(f'<div class="tex">{escape(node.astext())}</div>')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("katex", inline_renderers=(inline, None), block_renderers=(display, None))
