"""What is fuzzed: each target takes the bytes of one file and says what a user could not accept.

An input is the name of a file on a line, then its bytes. Targets are made in a folder of their own.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from benchmark_gold import gold_lines, without_offsets
from corpora import TINY, copy_tiny, edit
from exchange import ANN, MAPPING, STORY
from fuzzing.observation import Run, observe
from fuzzing.oracles import anchored_faults, engine_fault
from fuzzing.stage import Stage, emptied
from passes import make_pass
from retold.benchmark.scoring import Scorer
from retold.benchmark.tasks import TASKS

ANNOTATION = ("annotations/*/*.json", "annotations/*.json", "_passes/*/*/*.json", "raw/*.json")
CAS = importlib.util.find_spec("cassis") is not None
FORMATS = {
    "brat": "brat",
    "label-studio": "label-studio/tasks.json",
    **({"cas-xmi": "cas-xmi", "cas-json": "cas-json"} if CAS else {}),
}
READERS = (
    ("show", "dam-stays-shut"),
    ("show", "sudria-protests-q01"),
    ("stats",),
    ("audit",),
    ("agreement",),
    ("agreement", "--differences", "a", "gold"),
    *(("export", form, "--out", "{out}") for form in (*FORMATS, "conll", "corefud")),
)
SCORING: tuple[tuple[str, ...], ...] = (
    (),
    ("--errors",),
    ("--view", "clean", "--format", "json"),
    ("--offsets", "utf16", "--format", "markdown"),
    ("--offsets", "bytes"),
    ("--split", "test", "--convention-report"),
)
FOREIGN_CAS = "webanno.custom.Mention"


@dataclass(frozen=True, slots=True)
class Target:
    """A reader: where to begin, and how an input is judged (``None``: as it should be)."""

    name: str
    seeds: tuple[bytes, ...]
    judge: Callable[[bytes], str | None]


def make_targets(folder: Path) -> dict[str, Callable[[], Target]]:
    """Return, by name, how each target is made; making one writes into ``folder``."""
    return {
        "validate": lambda: _validate(folder),
        "engines": lambda: _engines(folder),
        "anchor": lambda: _anchor(folder),
        "readers": lambda: _readers(folder),
        "build": lambda: _build(folder),
        "new-article": lambda: _new_article(folder),
        "compiled": lambda: _compiled(folder),
        "journal": lambda: _journal(folder),
        "submission": lambda: _submission(folder),
        **{f"score-{task}": lambda task=task: _score(folder, task) for task in TASKS},
        **{f"import-{form}": lambda form=form: _import(folder, form) for form in FORMATS},
        **{f"foreign-{form}": lambda form=form: _foreign(folder, form) for form in FORMATS},
    }


def _corpus(folder: Path, name: str, *, compiled: bool = False) -> Stage:
    """Make a copy of the tiny corpus with a pass."""
    root = copy_tiny(emptied(folder / name))
    make_pass(root, "a")
    if compiled:
        assert observe("build", "--root", root, "--jobs", 1).code == 0
    return Stage(root)


def _chosen(data: bytes, choices: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Choose by the input, so that a saved input does again what it did."""
    return choices[crc32(data) % len(choices)]


def _read_only(
    stage: Stage, name: str, patterns: tuple[str, ...], run: Callable[[bytes], Run], allowed: tuple[int, ...]
) -> Target:
    """Return a target whose command writes nothing."""

    def judge(data: bytes) -> str | None:
        if not stage.put(data):
            return None
        ran = run(data)
        stage.reset(data)
        return ran.fault(allowed)

    return Target(name, tuple(map(stage.seed, stage.names(*patterns))), judge)


def _validate(folder: Path) -> Target:
    stage = _corpus(folder, "validate")
    forms = (("--format", "text"), ("--format", "json"), ("--format", "github"))
    return _read_only(
        stage,
        "validate",
        (*ANNOTATION, "raw/*.txt", "raw/SHA256SUMS"),
        lambda data: observe("validate", "--root", stage.folder, *_chosen(data, forms)),
        (0, 1),
    )


def _engines(folder: Path) -> Target:
    stage = _corpus(folder, "engines")
    return Target("engines", tuple(map(stage.seed, stage.names(*ANNOTATION))), engine_fault)


def _readers(folder: Path) -> Target:
    stage = _corpus(folder, "readers", compiled=True)
    out = folder / "readers-out"

    def run(data: bytes) -> Run:
        words = [word.replace("{out}", str(emptied(out))) for word in _chosen(data, READERS)]
        ran = observe(*words, "--root", stage.folder)
        (stage.folder / "build" / "agreement.json").unlink(missing_ok=True)
        return ran

    return _read_only(stage, "readers", (*ANNOTATION, "raw/*.txt"), run, (0, 1, 2))


def _anchor(folder: Path) -> Target:
    stage = _corpus(folder, "anchor")

    def judge(data: bytes) -> str | None:
        if not stage.put(data):
            return None
        ran = observe("anchor", "--root", stage.folder)
        again = observe("anchor", "--check", "--root", stage.folder)
        fault = ran.fault((0, 1)) or again.fault((0, 1))
        if fault is None and ran.code == 0 and again.code:
            fault = f"anchoring again moves more: {again.out[:300]}"
        fault = fault or anchored_faults(stage.folder, data)
        stage.reset()
        return fault

    return Target("anchor", tuple(map(stage.seed, stage.names(*ANNOTATION, "raw/*.txt"))), judge)


def _build(folder: Path) -> Target:
    stage = _corpus(folder, "build")

    def judge(data: bytes) -> str | None:
        if not stage.put(data):
            return None
        out = emptied(folder / "build-out")
        ran = observe("build", "--root", stage.folder, "--jobs", 1, "--out", out)
        fault = ran.fault((0, 1, 2))
        if fault is None and ran.code and out.exists():
            fault = f"exit code {ran.code}, but something was built"
        stage.reset(data)
        return fault

    return Target("build", tuple(map(stage.seed, stage.names(*ANNOTATION, "raw/*.txt"))), judge)


def _new_article(folder: Path) -> Target:
    stage = _corpus(folder, "new-article")
    text = folder / "text.txt"
    seeds = [b"text.txt\n" + stage.seed(name).partition(b"\n")[2] for name in stage.names("raw/*.txt")]

    def judge(data: bytes) -> str | None:
        text.write_bytes(data.partition(b"\n")[2])
        ran = observe("new-article", text, "--id", "new-story", "--root", stage.folder)
        fault = ran.fault((0, 2)) or _partial(ran, stage)
        if fault is None and ran.code == 0:
            after = observe("validate", "--root", stage.folder, "--level", "L3")
            fault = after.fault((0, 1)) or (f"L3: {after.out[:300]}" if after.code else None)
        stage.reset()
        return fault

    return Target("new-article", tuple(seeds), judge)


def _partial(ran: Run, stage: Stage, but: bytes = b"") -> str | None:
    changed = stage.differing(but) if ran.code == 2 else []
    return f"refused, but changed {changed[:3]}" if changed else None


def _compiled(folder: Path) -> Target:
    stage = _corpus(folder, "compiled", compiled=True)
    lines = folder / "predictions.jsonl"
    lines.write_text('{"article": "dam-stays-shut", "quotes": []}\n')
    commands = (
        ("build", "--check", "--jobs", "1"),
        ("score", "quotes", str(lines)),
        ("score", "quotes", str(lines), "--view", "clean"),
        ("inputs", "linking"),
        ("site",),
        ("hub",),
        ("build", "--jobs", "1"),
        ("leaderboard",),
    )

    def judge(data: bytes) -> str | None:
        if not stage.put(data):
            return None
        ran = observe(*_chosen(data, commands), "--root", stage.folder)
        sources = [name for name in stage.differing() if not name.startswith("build/")]
        stage.reset()
        changed = [name for name in sources if name != "README.md"]
        return ran.fault((0, 1, 2)) or (f"changed {changed[:3]}" if changed else None)

    names = stage.names("build/*.json", "build/*/*.parquet", "README.md")
    return Target("compiled", tuple(map(stage.seed, names)), judge)


def _journal(folder: Path) -> Target:
    stage = _corpus(folder, "journal", compiled=True)
    beside = folder / "journal" / "beside.txt"
    beside.write_text("of somebody else")
    pending = stage.folder / ".build.new"
    seeds = (
        b'journal\n[["build/manifest.json", "manifest.json"], ["build/quotes/old.parquet", null]]',
        b'journal\n[["../beside.txt", null], ["build/x", "../../beside.txt"]]',
    )

    def judge(data: bytes) -> str | None:
        pending.mkdir(exist_ok=True)
        (pending / "journal.json").write_bytes(data.partition(b"\n")[2])
        (pending / "manifest.json").write_text("{}")
        ran = observe("build", "--root", stage.folder, "--jobs", 1)
        shutil.rmtree(pending, ignore_errors=True)
        stage.reset()
        fault = ran.fault((0, 1, 2))
        return fault if beside.is_file() else "a file outside the corpus is gone"

    return Target("journal", seeds, judge)


def _submission(folder: Path) -> Target:
    stage = _corpus(folder, "submission", compiled=True)
    for system in ("always-checkable", "all-apart", "always-neutral"):
        assert observe("predict", system, "--root", stage.folder).code == 0
    assert observe("leaderboard", "--root", stage.folder).code == 0
    assert observe("site", "--root", stage.folder).code == 0
    stage = Stage(stage.folder)
    patterns = ("build/predictions/*/*", "build/leaderboard.json", "build/site/site.json")
    commands = (("leaderboard",), ("leaderboard", "--check"), ("site",))

    def judge(data: bytes) -> str | None:
        if not stage.put(data):
            return None
        ran = observe(*_chosen(data, commands), "--root", stage.folder)
        stage.reset()
        return ran.fault((0, 1, 2))

    return Target("submission", tuple(map(stage.seed, stage.names(*patterns))), judge)


def _score(folder: Path, task: str) -> Target:
    stage = _corpus(folder, f"score-{task}", compiled=True)
    lines = gold_lines(task, Scorer(stage.folder).gold(), stage.folder)
    place = folder / f"score-{task}" / "predictions"
    place.mkdir()
    for name, records in (("offsets.jsonl", lines), ("words.jsonl", without_offsets(lines))):
        content = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
        (place / name).write_text(content, encoding="utf-8")
    files = Stage(place)

    def run(data: bytes) -> Run:
        path = place / data.partition(b"\n")[0].decode()
        return observe("score", task, path, *_chosen(data, SCORING), "--root", stage.folder)

    return _read_only(files, f"score-{task}", ("*.jsonl",), run, (0, 2))


def _import(folder: Path, form: str) -> Target:
    stage = _corpus(folder, f"import-{form}")
    out = folder / f"import-{form}" / "out"
    assert observe("export", form, "--root", stage.folder, "--out", out / form).code == 0
    return _imported(folder, f"import-{form}", Stage(out), stage, ("import", form, str(out / FORMATS[form])))


def _foreign(folder: Path, form: str) -> Target:
    stage = _corpus(folder, f"foreign-{form}")
    out = folder / f"foreign-{form}" / "out"
    out.mkdir()
    mapping = dict(MAPPING)
    if form == "brat":
        (out / form).mkdir()
        (out / form / "first-story.txt").write_bytes(STORY.encode())
        (out / form / "first-story.ann").write_text(ANN, encoding="utf-8")
    else:
        assert observe("export", form, "--root", TINY, "--out", out / form).code == 0
        if form == "label-studio":
            edit(out / FORMATS[form], lambda tasks: [task.update(id=n) for n, task in enumerate(tasks, 1)])
        mapping["mentions"] = {
            "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity": {"type": "GPE"},
            "GPE": {"type": {"feature": "mention_type", "values": {"GPE": "GPE"}, "default": "ORG"}},
            "PERSON": {"type": "PERSON"},
            "Mention": {"type": "PERSON"},
        }
        mapping["quotes"] = {
            "webanno.custom.Quote": {"content": ["self"], "cue": ["parts"], "source": ["parts"]},
            "Quote": {"content": ["self"], "cue": ["cue", "related"], "source": ["source"]},
        }
    (out / "mapping.json").write_text(json.dumps(mapping, indent=2))
    words = ("import", form, str(out / FORMATS[form]), "--mapping", str(out / "mapping.json"))
    return _imported(folder, f"foreign-{form}", Stage(out), stage, words)


def _imported(folder: Path, name: str, files: Stage, stage: Stage, words: tuple[str, ...]) -> Target:
    """Return a target that imports into a corpus, or into a new one: all or nothing."""
    new = folder / name / "new"

    def judge(data: bytes) -> str | None:
        if not files.put(data):
            return None
        fresh = crc32(data) % 2 == 0
        ran = observe(*words, "--root", emptied(new) if fresh else stage.folder, "--force")
        fault = ran.fault((0, 1, 2))
        if fault is None and fresh and ran.code == 2 and new.exists():
            fault = "refused, but there is a new corpus"
        if not fresh:
            fault = fault or _partial(ran, stage)
            stage.reset()
        files.reset(data)
        return fault

    return Target(name, tuple(map(files.seed, files.names("*"))), judge)
