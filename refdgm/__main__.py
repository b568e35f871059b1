"""`python -m refdgm` is the command `refdgm`."""

import os
import sys

if __name__ == "__main__":
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if not sys.flags.safe_path and sys.path[0] != here:  # the working folder, by -m: its random.py is no module of ours
        del sys.path[0]
    from refdgm.cli.main import main

    sys.exit(main())
