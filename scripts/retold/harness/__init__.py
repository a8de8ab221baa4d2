"""The benchmark inside evaluation harnesses for language models: lm-evaluation-harness and Inspect.

``items`` makes the questions from a corpus, ``offstory`` reads the invented story that few-shot examples come
from, ``judging`` and ``probe`` score answers; ``lm_eval_tasks`` and ``inspect_tasks`` join them to the
harnesses, neither of which the rest imports. ``README.md`` says how to run it.
"""

from __future__ import annotations

from pathlib import Path

LM_EVAL_FOLDER = Path(__file__).resolve().parent / "lm_eval"
"""What lm-evaluation-harness takes as ``--include_path``."""

__all__ = ["LM_EVAL_FOLDER"]
