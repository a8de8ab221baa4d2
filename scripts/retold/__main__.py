"""``python -m retold``."""

from __future__ import annotations

import sys

from retold.cli import main

if __name__ == "__main__":
    sys.exit(main())
