"""Systems to compare with: simple, offline, each in a readable module of its own.

``systems`` lists them and runs them by name. A module has one function of use, ``predict(task, gold)``,
which yields the lines of a prediction file in the order of ``retold.benchmark.inputs``. A zero-shot system
reads only what ``inputs`` yields, never a label; a trained one reads the labels of the other articles too.
"""

from __future__ import annotations

from retold.baselines.systems import SYSTEMS, System, predict

__all__ = ["SYSTEMS", "System", "predict"]
