"""Corpora that verbs other than ``validate`` read: refused with one line where their files are broken."""

from __future__ import annotations

from collections.abc import Sequence

from retold.cli import UserError
from retold.findings import read_issues
from retold.layout import Layout
from retold.reporting import severities, text
from retold.schemas import Schemas, find_schema_folder
from retold.validation import validate


def require_form(layout: Layout, paths: Sequence[str]) -> None:
    """Check that files and folders (relative to the root) can be read: levels L1 and L2.

    Raises:
        UserError: They cannot; it names the first fault.
    """
    try:
        schemas, issues = Schemas(find_schema_folder(layout.root)), read_issues()
    except OSError as error:
        raise UserError(f"cannot read the schemas: {error}") from error
    report = validate(layout, schemas, issues, "L2").only(paths)
    errors = severities(report, issues)["error"]
    if errors:
        first = next(text(report, issues))
        raise UserError(
            f"the corpus cannot be read (errors in its files: {errors}). Run retold validate. First: {first}"
        )
