"""The browsable page of a corpus: its data, made here, and the pages that show them (``assets/``).

The page opens from disk and from any web server: all data stand in one classic script, ``data.js``, and
nothing is fetched. Items are shown by scripts that only ever set text, so words of articles stay words.
"""
