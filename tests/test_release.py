"""What a release goes by: the checklist, the locks, the environments that ``make`` fills from them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from documents import ROOT
from release.matrix import digest_of, verdict
from retold.cli import VERBS

LOCKS = ("audit", "baselines", "build", "core", "dev", "exchange", "harness", "lowest", "newest", "uv")
EXTRAS = {  # lock -> the extras of pyproject.toml that it was made from
    "audit": ["audit"],
    "core": [],
    "dev": ["dev"],
    "exchange": ["exchange"],
    "harness": ["harness"],
    "lowest": ["test"],
    "newest": ["test"],
}
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)==(?P<version>[^ ;\\]+)(?: ; [^\\]+)?(?: \\)?$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
UNHASHED = "requirements/torch.txt"  # requirements/README.md says why


def document(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    return dict(tomllib.loads(document("pyproject.toml"))["project"])


def requirements(extras: list[str]) -> list[Requirement]:
    """The direct dependencies of the core and of some extras, and of the extras that these bring."""
    optional = project()["optional-dependencies"]
    found = [Requirement(line) for line in project()["dependencies"]]
    pending = list(extras)
    while pending:
        for requirement in map(Requirement, optional[pending.pop()]):
            if requirement.name == "retold":
                pending += requirement.extras
            else:
                found.append(requirement)
    return found


def pins(lock: str) -> dict[str, set[Version]]:
    """The versions that a lock allows of each package: several where they differ by Python or system."""
    found: dict[str, set[Version]] = {}
    for line in document(f"requirements/{lock}.txt").splitlines():
        if match := PINNED.match(line):
            found.setdefault(match["name"], set()).add(Version(match["version"]))
    return found


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --- the checklist ----------------------------------------------------------------------------------


def test_checklist_is_short_and_numbered() -> None:
    lines = document("RELEASING.md").splitlines()
    assert len(lines) <= 15
    assert [line.split(".")[0] for line in lines[2:]] == [str(n) for n in range(1, len(lines) - 1)]


def test_checklist_names_what_there_is() -> None:
    text = document("RELEASING.md")
    code = re.findall(r"`([^`]+)`", text)
    targets = set(re.findall(r"^([a-z-]+):", document("Makefile"), re.MULTILINE))
    made = [
        name for part in code for words in re.findall(r"\bmake ([a-z -]+)", part) for name in words.split()
    ]
    assert made
    assert set(made) <= targets
    verbs = [verb for part in code for verb in re.findall(r"\bretold ([a-z-]+)", part)]
    assert verbs
    assert set(verbs) <= set(VERBS)
    files = [part for part in code if re.fullmatch(r"[A-Za-z]+\.(?:md|toml|cff)", part)]
    assert files
    assert all((ROOT / name).is_file() for name in files)


def test_checklist_names_each_place_of_the_version() -> None:
    text = document("RELEASING.md")
    version = project()["version"]
    places = [path.name for path in ROOT.iterdir() if path.suffix in {".md", ".toml", ".cff"}]
    holding = [
        name for name in places if re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", document(name))
    ]
    assert holding
    assert [name for name in holding if f"`{name}`" not in text] == []


# --- the locks --------------------------------------------------------------------------------------


def test_every_lock_is_known() -> None:
    assert sorted(path.stem for path in (ROOT / "requirements").glob("*.txt")) == sorted(
        [*LOCKS, "no-cuda", Path(UNHASHED).stem]
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_and_hashes_everything(lock: str) -> None:
    before = ""
    for line in document(f"requirements/{lock}.txt").splitlines():
        if not line or line.lstrip().startswith("#"):
            continue
        assert PINNED.match(line) or HASH.match(line), line
        assert not (PINNED.match(before) and PINNED.match(line)), f"no hash: {before}"
        before = line
    assert HASH.match(before)


@pytest.mark.parametrize("lock", EXTRAS)
def test_lock_has_what_pyproject_asks_for(lock: str) -> None:
    locked = pins(lock)
    for requirement in requirements(EXTRAS[lock]):
        versions = locked[canonical(requirement.name)]
        assert all(version in requirement.specifier for version in versions), f"{requirement}: make lock"


def test_lowest_lock_is_the_lower_bound_of_each_dependency() -> None:
    locked = pins("lowest")
    for requirement in requirements(EXTRAS["lowest"]):
        bounds = [Version(part.version) for part in requirement.specifier if part.operator in {">=", "=="}]
        assert bounds, f"{requirement} has no lower bound"
        lowest = min(locked[canonical(requirement.name)])
        # the first release of a series may be later than the bound (pandas 2.2 → 2.2.0, pyyaml 6 → 6.0)
        assert lowest >= max(bounds)
        assert lowest.release[: len(max(bounds).release)] == max(bounds).release, f"{requirement}: make lock"


def test_every_dependency_has_a_lower_bound() -> None:
    for requirement in requirements(list(project()["optional-dependencies"])):
        assert {part.operator for part in requirement.specifier} & {">=", "=="}, requirement


def test_make_installs_only_what_is_pinned_by_hash_or_is_this_package() -> None:
    recipe = document("Makefile").replace("\\\n", " ")
    installs = [line.strip() for line in recipe.splitlines() if "pip install" in line]
    assert len(installs) >= 5
    for line in installs:
        ours = line.endswith("--no-deps --no-build-isolation --editable .")
        # nothing is built with tools that pip chooses
        closed = (
            "--only-binary :all:" in line or "--no-build-isolation" in line or "requirements/uv.txt" in line
        )
        assert closed, line
        assert ours or "--require-hashes" in line or UNHASHED in line, line
    assert "npm ci" in recipe
    assert not re.search(r"npm (?:i|install|add)\b", recipe)


def test_site_packages_are_pinned_by_hash() -> None:
    lock = json.loads(document("tests/site/package-lock.json"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [
        name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")
    ] == []
    declared = json.loads(document("tests/site/package.json"))["devDependencies"]
    assert {f"node_modules/{name}": version for name, version in declared.items()} == {
        name: packages[name]["version"] for name in packages
    }


# --- the matrix -------------------------------------------------------------------------------------


def test_equal_digests_are_told_and_others_stop() -> None:
    digest = digest_of(ROOT / "build")
    assert verdict({"committed": digest, "lowest": digest}) == f"data digest {digest}: the same in 2 builds"
    with pytest.raises(SystemExit, match=f"differ:\n  {digest} committed\n  0 newest"):
        verdict({"committed": digest, "newest": "0"})
