"""The corpus in the formats of other tools, and their annotation as a corpus (README.md of this folder)."""
