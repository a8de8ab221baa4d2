"""``retold hub``: how to publish the corpus on the Hugging Face Hub; nothing is uploaded."""

from __future__ import annotations

import argparse
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence

from retold.cli import UserError, corpus_layout
from retold.cli.build import compare, is_valid
from retold.cli.committed import exported, head, tagged_commit, uncommitted
from retold.croissant.project import DocumentError, project_name
from retold.findings import shown
from retold.layout import Layout
from retold.manifest import data_version
from retold.schemas import Schemas, find_schema_folder

OWNER, NAME = "OWNER", "NAME"
MOST_LINES = 20
UNFILLED = re.compile(r"\bto (?:be filled|fill) in\b", re.IGNORECASE)
_REPOSITORY = re.compile(
    r"(?!.*(?:--|\.\.))[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(?<!\.git)(?<![.-])", re.ASCII
)

EXAMPLE = """\
Printed are the commands that publish what is committed, and what they would upload. Nothing is uploaded, and
nothing is reached over the network. Refused is a corpus that is not as it should be published: with errors,
with a build/ that is not what the sources give, with changes that are not committed, or with a version whose
tag is another commit.
exit codes: 0 ready to publish, 1 not ready, 2 usage or crash
example: retold hub --repo OWNER/retold --files"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument(
        "--repo", metavar="OWNER/NAME", help=f"name on the Hub (default: {OWNER} to be filled in by you)"
    )
    parser.add_argument("--files", action="store_true", help="list every file, not only folders")


def run(args: argparse.Namespace) -> int:
    """Check, then print."""
    layout = corpus_layout(args)
    repository = _repository(args.repo, layout)
    if not layout.readme.is_file():
        raise UserError(f"there is no {layout.readme}: the Hub and load_dataset() go by this card")
    version = data_version(layout.root)
    commit = head(layout.root)
    if not _is_ready(layout, version, commit):
        return 1
    print(f"Commit {commit[:12]}, version {version or 'unknown'}; would be uploaded to {repository}:")
    print()
    for line in listing(exported(layout.root), every=args.files):
        print(f"  {line}")
    print()
    print(f"Nothing has been uploaded. To do it, run in {layout.root} (hf comes with huggingface_hub):")
    print()
    for command in commands(repository, version, tagged=_tagged(layout, version)):
        print(f"  {command}")
    unfilled = list(_unfilled(layout))
    if unfilled or args.repo is None:
        print()
        print("Still to be filled in:")
        for line in ([f"{OWNER}, by --repo or in the commands"] if args.repo is None else []) + unfilled:
            print(f"  {line}")
    return 0


def commands(repository: str, version: str | None, *, tagged: bool) -> list[str]:
    """Return the shell commands that publish what is committed.

    They upload an export of the commit, not the working folder, so that nothing else gets there; what the
    Hub has of an older version, and this one has not, is deleted there by the same commit.

    Args:
        repository: name on the Hub.
        version: of the data; the tag that users pin, none without a version.
        tagged: whether the commit has this tag already.
    """
    message = shlex.quote(f"Version {version}" if version else "New version")
    upload = f'hf upload {repository} "$export" . --repo-type dataset --delete "*" --commit-message {message}'
    lines = [
        "hf auth login",
        f"hf repos create {repository} --repo-type dataset --exist-ok",
        "export=$(mktemp -d)",
        'git archive HEAD | tar -x -C "$export"',
        upload,
    ]
    if version:
        tag = shlex.quote(f"v{version}")
        lines += [] if tagged else [f"git tag {tag}"]
        lines.append(f"hf repos tag create {repository} {tag} --repo-type dataset")
    return lines


def _tagged(layout: Layout, version: str | None) -> bool:
    return version is not None and tagged_commit(layout.root, f"v{version}") is not None


def _repository(given: str | None, layout: Layout) -> str:
    if given is None:
        return f"{OWNER}/{_project_name(layout)}"
    if not _REPOSITORY.fullmatch(given) or len(given) > 96:
        raise UserError(f"{given!r} is no name on the Hub: OWNER/NAME, of letters, digits and single . - _")
    return given


def _project_name(layout: Layout) -> str:
    try:
        return project_name(layout) or NAME
    except DocumentError as error:
        raise UserError(str(error)) from error


def _is_ready(layout: Layout, version: str | None, commit: str) -> bool:
    """Say what keeps the corpus from being published, if anything does."""
    try:
        schemas = Schemas(find_schema_folder(layout.root))
        if not is_valid(layout, schemas):
            return False
        found = compare(layout, schemas, layout.build)[0]
    except (DocumentError, OSError) as error:
        raise UserError(str(error)) from error
    found += [f"{shown(path)}: not committed" for path in uncommitted(layout.root)]
    if version and tagged_commit(layout.root, f"v{version}") not in (None, commit):
        found.append(f"the tag v{version} is another commit: raise the version in {layout.project.name}")
    for line in found[:MOST_LINES]:
        print(line)
    if len(found) > MOST_LINES:
        print(f"… and {len(found) - MOST_LINES} more")
    if found:
        print("Not ready to publish: run retold build, commit, and try again.")
    return not found


def listing(files: Sequence[tuple[str, int]], *, every: bool) -> Iterator[str]:
    """Yield a line for each file, or for each folder and file at the top, and one for all, with sizes.

    Args:
        files: path and size in bytes of each.
        every: whether to list each file.
    """
    numbers: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for path, size in files:
        folder, slash, _ = path.partition("/")
        name = path if every else folder + slash
        numbers[name] += 1
        sizes[name] += size
    for name in sizes:
        many = f"  ({_counted(numbers[name])})" if name.endswith("/") else ""
        yield f"{sizes[name]:>13,} bytes  {shown(name)}{many}"
    yield f"{sizes.total():>13,} bytes  in all  ({_counted(len(files))})"


def _counted(files: int) -> str:
    return "1 file" if files == 1 else f"{files:,} files"


def _unfilled(layout: Layout) -> Iterator[str]:
    """Yield the places of the corpus' documents that say that something is to be filled in."""
    for path in (layout.readme, layout.datasheet, layout.citation, layout.project):
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            yield from (f"{path.name}:{n}" for n, line in enumerate(lines, start=1) if UNFILLED.search(line))
