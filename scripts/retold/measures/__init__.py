"""Measures of agreement and of scoring: pure functions of labels, spans and clusters.

Nothing here knows a layer, a file or a pass. Each module names the source of its formulas.
"""
