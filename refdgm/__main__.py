"""`python -m refdgm` is the command `refdgm`."""

import os
import sys

if __name__ == "__main__":
    if sys.path[:1] == [os.getcwd()]:  # put there by -m: a random.py of this folder is no module of ours
        del sys.path[0]
    from refdgm.cli.main import main

    sys.exit(main())
