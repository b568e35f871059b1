"""Make the manual, from this checkout alone: no network, and any warning is an error.

    python docs/build.py            into docs/_site; open docs/_site/index.html
    python docs/build.py FOLDER     elsewhere

Needs an installed checkout with the extra `docs`.
"""

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent


def main(folder=None):
    from sphinx.cmd.build import build_main

    return build_main(["-b", "html", "-W", "--keep-going", "-q", "-E", "-j", "auto", str(DOCS),
                       str(folder or DOCS / "_site")])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
