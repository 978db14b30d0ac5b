"""``python -m automate_connectors.cli``: the same as the command ``automate-connectors``."""

import sys

from automate_connectors.cli import main

if __name__ == "__main__":
    sys.exit(main())
