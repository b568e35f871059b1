"""The manual's settings; `python docs/build.py` makes it."""

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS))

from refdgm.version import __version__  # noqa: E402

project = "refdgm"
author = "the authors of refdgm"
release = version = __version__

extensions = ["myst_parser", "sphinxcontrib.bibtex", "manual"]
exclude_patterns = ["_site", "decisions/README.md"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["dollarmath", "deflist"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 3
bibtex_bibfiles = ["bibliography.bib"]
bibtex_default_style = "plain"
nitpicky = True

html_theme = "furo"
html_title = "refdgm"
html_static_path = ["static"]
html_css_files = ["katex/katex.min.css", "manual.css"]
html_js_files = ["katex/katex.min.js", "manual.js"]
html_copy_source = False
html_show_sphinx = html_show_copyright = False
pygments_style, pygments_dark_style = "friendly", "monokai"
