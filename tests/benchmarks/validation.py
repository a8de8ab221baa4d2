"""Cost of ``retold validate``, as ratios within one run.

    .venv/bin/python tests/benchmarks/validation.py [--pairs 40] [--sizes 200 1000] [--copies 100 500]

Prints two Markdown tables: the command beside the start of bare Python (``python -I -c pass``), and what an
article, or a sentence of a very long article, costs. All times are process time. Refuses to measure a corpus
in which validation finds anything.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from generator import REPOSITORY, Json, write_folders
from measuring import environment, least

from retold.checks.files import judge, parse_json
from retold.documents import write_json
from retold.findings import read_issues
from retold.garbage import uncollected
from retold.layout import CORPUS_LAYERS, Layout
from retold.schemas import Schemas, find_schema_folder
from retold.validation import validate

BARE = ("-I", "-c", "pass")
MEGABYTE = 1024  # of what wait4 counts in KiB
STEP = 100_000  # between the numbers of items of one copy and those of the next


def cost(*arguments: str) -> tuple[float, float]:
    """Return process time (seconds) and peak memory (MB) of the interpreter with some arguments."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([sys.executable, *arguments], stdout=out, env=environment())
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            out.seek(0)
            raise SystemExit(f"{arguments} ends with {process.returncode}: {out.read().decode()[-500:]}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / MEGABYTE


def command(root: Path) -> tuple[str, ...]:
    """Return the arguments that validate a corpus."""
    return ("-m", "retold", "validate", "--root", str(root))


def start_up(corpora: dict[str, Path], pairs: int) -> Iterator[str]:
    """Yield rows: the command over each corpus beside bare Python, one run of each in turn."""
    yield "| `retold validate` on | ms | ratio to bare Python | lower, upper quartile | peak MB |"
    yield "|---|---|---|---|---|"
    ratios: dict[str, list[float]] = {name: [] for name in corpora}
    times: dict[str, list[float]] = {name: [] for name in corpora}
    peaks = dict.fromkeys(corpora, 0.0)
    for number in range(pairs + 1):
        for name, root in corpora.items():
            (bare, _), (seconds, peak) = cost(*BARE), cost(*command(root))
            if number:  # the first run may still write bytecode
                ratios[name].append(seconds / bare)
                times[name].append(seconds)
                peaks[name] = max(peaks[name], peak)
    for name in corpora:
        lower, middle, upper = statistics.quantiles(ratios[name], n=4)
        milliseconds = statistics.median(times[name]) * 1000
        yield f"| {name} | {milliseconds:.0f} | {middle:.1f} | {lower:.1f}, {upper:.1f} | {peaks[name]:.0f} |"


def stages(root: Path) -> tuple[float, float, float]:
    """Return the seconds that parsing, schemas and a whole validation take; one process, nothing imported."""
    layout, schemas, issues = Layout(root), Schemas(find_schema_folder(root)), read_issues()
    names = [folder.name for folder in layout.article_folders()]
    paths = [
        *(("metadata", layout.metadata(name)) for name in names),
        *((layer, layout.layer(name, layer)) for name in names for layer in CORPUS_LAYERS),
    ]
    files = [(kind, str(path), path.read_bytes()) for kind, path in paths]

    def check_all() -> None:
        report = validate(layout, schemas, issues)
        if report.findings or report.left_out:
            raise SystemExit(f"{root}: {len(report.findings)} findings, {report.findings[:3]}")

    def documents() -> list[tuple[str, str, Any]]:
        return [(kind, path, parse_json(path, data)[0]) for kind, path, data in files]

    with uncollected():
        whole = least(check_all)
        parsing = least(documents)
        parsed = documents()
        judging = least(lambda: [list(judge(path, kind, doc, schemas)) for kind, path, doc in parsed])
    return parsing, judging, whole


def per_unit(corpora: dict[str, tuple[Path, int]]) -> Iterator[str]:
    """Yield rows: what one article (or sentence) of each corpus costs, and on what."""
    yield "| corpus | ms each | of it parsing | schemas | checks and the rest |"
    yield "|---|---|---|---|---|"
    for name, (root, units) in corpora.items():
        parsing, judging, whole = stages(root)
        shares = (f"{part / whole:.0%}" for part in (parsing, judging, whole - parsing - judging))
        yield f"| {name} | {whole * 1000 / units:.3f} | {' | '.join(shares)} |"


def lengthen(root: Path, copies: int) -> int:
    """Make one article of a corpus that many times as long; return the number of its sentences."""
    layout = Layout(root)
    article = next(layout.article_folders()).name
    text = layout.text(article).read_bytes().decode()
    line = f"{text}\n"
    long = line * (copies - 1) + text
    digest = hashlib.sha256(long.encode()).hexdigest()
    for layer in CORPUS_LAYERS:
        path = layout.layer(article, layer)
        document = orjson.loads(path.read_bytes())
        document["article_sha256"] = digest
        for name, items in document.items():
            if isinstance(items, list):
                shifted = [_shifted(items, article, number, len(line)) for number in range(copies)]
                document[name] = [item for copy in shifted for item in copy]
        write_json(path, document)
    layout.text(article).write_bytes(long.encode())
    sums = layout.checksums.read_text(encoding="utf-8")
    layout.checksums.write_text(re.sub(rf"\w+(?=  {article}\.txt)", digest, sums), encoding="utf-8")
    blocks = orjson.loads(layout.layer(article, "segments").read_bytes())["blocks"]
    return sum(len(block["sentences"]) for block in blocks)


def _shifted(value: Any, article: str, number: int, length: int) -> Any:
    """Return items as they are in copy ``number`` of a text of some length: new offsets and ids."""
    if number == 0:
        return value
    if isinstance(value, list):
        return [_shifted(item, article, number, length) for item in value]
    if isinstance(value, dict):
        moved: Json = {key: _shifted(item, article, number, length) for key, item in value.items()}
        moved |= {key: value[key] + number * length for key in ("start", "end") if key in value}
        if value.get("kind") == "title":  # an article has one
            moved["kind"] = "heading"
        return moved | ({"utterances": []} if "utterances" in value else {})  # told once
    match = re.fullmatch(rf"({article}-[a-z])([0-9]+)", value) if isinstance(value, str) else None
    return f"{match[1]}{int(match[2]) + number * STEP}" if match else value


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", type=int, default=40, help="runs of the command and of bare Python")
    parser.add_argument("--sizes", type=int, nargs="*", default=[200, 1000], help="articles of a corpus")
    parser.add_argument("--copies", type=int, nargs="*", default=[100, 500], help="lengths of one article")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        five = Path(folder) / "five"
        write_folders(five, 5)
        corpora = {"the repository, with its passes": REPOSITORY, "its five articles, without passes": five}
        print(*start_up(corpora, arguments.pairs), "", sep="\n", flush=True)
        units: dict[str, tuple[Path, int]] = {}
        for size in arguments.sizes:
            root = Path(folder) / f"articles-{size}"
            write_folders(root, size)
            units[f"{size:,} articles: an article"] = root, size
        for copies in arguments.copies:
            root = Path(folder) / f"copies-{copies}"
            write_folders(root, 5)
            sentences = lengthen(root, copies)
            units[f"an article of {sentences:,} sentences: a sentence"] = root, sentences
        print(*per_unit(units), sep="\n")


if __name__ == "__main__":
    main()
