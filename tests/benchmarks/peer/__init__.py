"""A second compiler: what a user would write in plain Python with the ordinary libraries.

`json`, `jsonschema`, plain dicts, `datasets`. It makes the same checks and the same tables as the package and
shares nothing with it but the declarations of the columns; so it is what the package's speed is measured
against, and an independent witness of what the tables hold. It is written to be read, not to be fast, and
not to be slow either.

    PYTHONPATH=tests python -m benchmarks.peer ROOT OUT [--validator jsonschema_rs]

Errors are tuples: the code of `schema/issues.json`, the file, what is wrong. Independent passes are left out
but for their names, which votes refer to, and for what they use of the registries.
"""
