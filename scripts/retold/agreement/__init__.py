"""How far passes over the same texts agree, and where they do not.

A pass is a whole annotation of the corpus: one of ``annotations/_passes/``, or ``gold``, the adjudicated
files. Passes have their own ids of items, canonical claims and utterances; entities and topics they share.
Items of two passes are therefore matched by the words that they stand on.
"""
