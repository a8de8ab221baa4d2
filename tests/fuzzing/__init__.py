"""Hostile files for every reader of the package: mutated, fed to the commands, and judged."""
