"""`python -m mlpdash`."""

import sys

from mlpdash.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
