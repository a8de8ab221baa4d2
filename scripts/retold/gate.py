"""What was found so far, and which checks may run: only those whose files have passed the levels below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from retold.checks.inputs import Check, Input
from retold.findings import LEVELS, Finding, Issues
from retold.report import LeftOut


class Gate:
    """Collects findings up to a level, and lets a check run only on files without errors below its own."""

    def __init__(self, issues: Issues, level: str = LEVELS[-1]) -> None:
        """Begin; ``findings`` are those so far, ``failed`` the lowest level with an error, by path."""
        self.findings: list[Finding] = []
        self.failed: dict[str, int] = {}
        self.last = LEVELS.index(level)
        self._issues = issues
        self._left_out: dict[tuple[str, str], set[str]] = defaultdict(set)

    @property
    def has_errors(self) -> bool:
        """Whether an error was found so far."""
        return any(self._issues[found.code].severity == "error" for found in self.findings)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The checks that did not run somewhere."""
        return tuple(LeftOut(*key, tuple(sorted(paths))) for key, paths in sorted(self._left_out.items()))

    def add(self, findings: Iterable[Finding]) -> None:
        """Take findings; those of later levels than the last are dropped."""
        for found in findings:
            issue = self._issues[found.code]
            level = LEVELS.index(issue.level)
            if level > self.last:
                continue
            self.findings.append(found)
            if issue.severity == "error":
                self.fail(found.path, level)

    def fail(self, path: str, level: int = 0) -> None:
        """Say of a file that it has not passed a level."""
        self.failed[path] = min(level, self.failed.get(path, level))

    def run(self, checks: Iterable[Check[Input]], subject: Input, paths: Mapping[str, Sequence[str]]) -> None:
        """Run the checks whose files have passed; ``paths`` are all files of each kind.

        A check that reads a kind of which there is no file has nothing to judge.
        """
        given = {kind for kind, listed in paths.items() if listed}
        for check in checks:
            level = LEVELS.index(check.level)
            if level > self.last or not given.issuperset(check.reads):
                continue
            failed = self.failed and [
                path for kind in check.reads for path in paths[kind] if self.failed.get(path, level) < level
            ]
            if failed:
                self._left_out[check.level, check.name].update(failed)
            else:
                self.add(check.run(subject))
