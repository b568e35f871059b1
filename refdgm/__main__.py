"""`python -m refdgm` is the command `refdgm`."""

import sys

from refdgm.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
