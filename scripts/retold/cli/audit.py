"""``retold audit``: where the gold may be wrong."""

from __future__ import annotations

import argparse
from pathlib import Path

from retold.audit.decisions import Decision, parse_decisions, sort_cases
from retold.audit.differences import ToolSpan, differences
from retold.audit.gold import Gold
from retold.audit.reporting import as_json, as_text
from retold.audit.rules import RULES, all_cases
from retold.audit.verdicts import as_document, judged, parse_verdicts, undecided, with_tally
from retold.cli import UserError, corpus_layout
from retold.cli.corpus import read_gold
from retold.cli.terminal import print_lines
from retold.documents import json_text, write_json, write_whole
from retold.layout import Layout
from retold.reader import read_json, read_text

EXAMPLE = """\
A case is a place where a fault would show; whether it is one is decided by reading, and written down in
annotations/_passes/audit/decided.json.
With --compare, a tool's spans are compared with the gold instead, kind by kind, and what was decided of them
is kept in spacy.json there, the tally in README.md; make audit runs the tool and this.
exit codes: 0 every case is decided and none is a fault, 1 open cases, 2 usage or crash
example: retold audit --rule unmarked-name"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument(
        "--rule", choices=list(RULES), action="append", help="only cases of this rule (may be repeated)"
    )
    parser.add_argument("--all", action="store_true", help="decided cases too, as if nothing were decided")
    parser.add_argument("--compare", type=Path, metavar="SPANS", help="compare a tool's spans with the gold")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(args: argparse.Namespace) -> int:
    """Apply the rules and print what is open."""
    layout = corpus_layout(args)
    if args.compare is not None:
        return _compare(layout, args.compare)
    rules = tuple(args.rule or RULES)
    gold = Gold(*read_gold(layout))
    decisions = {} if args.all else _decisions(layout)
    audit = sort_cases(all_cases(gold, rules), {k: d for k, d in decisions.items() if d.rule in rules})
    if args.format == "json":
        print(json_text(as_json(audit)), end="")
    else:
        print_lines(as_text(audit))
    return 0 if audit.clean else 1


def _compare(layout: Layout, spans: Path) -> int:
    """Bring ``spacy.json`` and the tally up to date; ask for verdicts that are missing."""
    articles, _ = read_gold(layout)
    kept, readme = layout.audit / "spacy.json", layout.audit / "README.md"
    try:
        found = read_json(spans)
        spans_of = {article.id: [ToolSpan(*s) for s in found["spans"][article.id]] for article in articles}
        groups = differences(articles, spans_of)
        old = parse_verdicts(read_json(kept)) if kept.exists() else ()
        known = judged(groups, {group.pattern: group.verdict for group in old})
        card = with_tally(read_text(readme), known)
        document = as_document(found["tool"], found["model"], known)
    except KeyError as error:
        raise UserError(f"{spans} cannot be compared: it lacks {error}; make it anew (make audit)") from error
    except (OSError, TypeError, ValueError) as error:
        raise UserError(f"{spans} cannot be compared: {error}") from error
    write_json(kept, document)
    write_whole(readme, card)
    open_groups = undecided(known)
    print_lines(
        f"{group.pattern.kind}: {group.pattern} at {', '.join(group.places)}" for group in open_groups
    )
    print(f"{len(known)} kinds of difference, {len(open_groups)} without a verdict in {kept}")
    return 1 if open_groups else 0


def _decisions(layout: Layout) -> dict[str, Decision]:
    path = layout.audit / "decided.json"
    try:
        return parse_decisions(read_json(path), RULES) if path.exists() else {}
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: {error}") from error
