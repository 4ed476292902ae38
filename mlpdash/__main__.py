"""`python -m mlpdash`: the command `mlpdash`, for a package that is not installed."""

import sys

from mlpdash.cli.main import main

if __name__ == "__main__":
    sys.exit(main(name="python -m mlpdash"))
