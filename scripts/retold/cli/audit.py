"""``retold audit``: where the gold may be wrong."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import orjson

from retold.audit.decisions import Decision, parse_decisions, sort_cases
from retold.audit.gold import Gold
from retold.audit.reporting import as_json, as_text
from retold.audit.rules import RULES, all_cases
from retold.cli import UserError, corpus_layout
from retold.cli.corpus import read_gold
from retold.layout import Layout
from retold.reader import read_json

EXAMPLE = """\
A case is a place where a fault would show; whether it is one is decided by reading, and written down in
annotations/_passes/audit/decided.json.
exit codes: 0 every case is decided and none is a fault, 1 open cases, 2 usage or crash
example: retold audit --rule unmarked-name"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument(
        "--rule", choices=list(RULES), action="append", help="only cases of this rule (may be repeated)"
    )
    parser.add_argument("--all", action="store_true", help="decided cases too, as if nothing were decided")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(args: argparse.Namespace) -> int:
    """Apply the rules and print what is open."""
    layout = corpus_layout(args)
    rules = tuple(args.rule or RULES)
    gold = Gold(*read_gold(layout))
    decisions = {} if args.all else _decisions(layout)
    audit = sort_cases(all_cases(gold, rules), {k: d for k, d in decisions.items() if d.rule in rules})
    if args.format == "json":
        print(json.dumps(as_json(audit), indent=2, ensure_ascii=False))
    else:
        for line in as_text(audit):
            print(line)
    return 0 if audit.clean else 1


def _decisions(layout: Layout) -> dict[str, Decision]:
    path = layout.audit / "decided.json"
    if not path.exists():
        return {}
    return _parsed(path)


def _parsed(path: Path) -> dict[str, Decision]:
    try:
        return parse_decisions(read_json(path), RULES)
    except (OSError, orjson.JSONDecodeError, ValueError) as error:
        raise UserError(f"{path}: {error}") from error
