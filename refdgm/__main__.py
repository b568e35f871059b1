"""`python -m refdgm` is the command `refdgm`."""

import sys

from refdgm.check.cli import main

if __name__ == "__main__":
    sys.exit(main())
