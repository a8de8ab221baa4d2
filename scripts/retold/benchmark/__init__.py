"""The benchmark: gold, predictions, one scorer module a task, and what makes their figures trustworthy.

``gold`` reads the compiled corpus; ``predictions`` reads and refuses what a tool gave; ``tasks`` names the
tasks; ``scoring`` puts them together. A task turns predictions into ``outcome.Metric`` objects, whose
statistics (``statistics``) are resampled over blocks (``resampling``).
"""
