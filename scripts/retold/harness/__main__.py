"""``python -m retold.harness``: the folder for ``lm-eval run --include_path``."""

from __future__ import annotations

import sys

from retold.harness import LM_EVAL_FOLDER

if __name__ == "__main__":
    sys.stdout.write(f"{LM_EVAL_FOLDER}\n")
