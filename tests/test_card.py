"""The generated parts of the dataset card."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from corpora import CARD
from retold.card import choose_example, update_card
from retold.tables import CONFIG_OF


def entry(*paths: str, split: str = "test") -> dict[str, Any]:
    return {
        "digest": "d" * 64,
        "rows": 2,
        "splits": {split: {"rows": 1234, "files": [{"path": p} for p in paths]}},
    }


MANIFEST: dict[str, Any] = {
    "data_version": "1.2.0",
    "configs": {
        "sentences": entry("sentences/test.parquet"),
        "quotes": entry("quotes/test-00000-of-00002.parquet", "quotes/test-00001-of-00002.parquet"),
    },
}
ROW = {"quote_id": "k-q01", "speaker_id": "ada", "utterances": [], "content_text": "Is it “so”?"}


def front_matter(card: str) -> dict[str, Any]:
    assert card.startswith("---\n")
    document: dict[str, Any] = yaml.safe_load(card.split("---\n")[1])
    return document


def test_configs_are_generated_and_other_fields_kept() -> None:
    front = front_matter(update_card(CARD, MANIFEST, ROW))
    assert list(front) == ["license", "configs", "pretty_name"]
    sentences, quotes = front["configs"]
    assert sentences == {
        "config_name": "sentences",
        "default": True,
        "version": "1.2.0",
        "description": "sha256:" + "d" * 64,
        "data_files": [{"split": "test", "path": "build/sentences/test.parquet"}],
    }
    assert quotes["data_files"][0]["path"] == [
        "build/quotes/test-00000-of-00002.parquet",
        "build/quotes/test-00001-of-00002.parquet",
    ]
    assert "default" not in quotes


def test_version_is_left_out_where_there_is_none() -> None:
    front = front_matter(update_card(CARD, {**MANIFEST, "data_version": None}, ROW))
    assert "version" not in front["configs"][0]


@pytest.mark.parametrize(
    "start",
    [
        "---\npretty_name: T\n---\n",
        "---\nconfigs: []\npretty_name: T\n---\n",
        "---\npretty_name: T\nconfigs:\n  - a\n\n---\n",
    ],
)
def test_front_matter_without_configs_or_with_others(start: str) -> None:
    card = update_card(f"{start}\nBody\n---\nrule\n", MANIFEST, ROW)
    assert front_matter(card)["pretty_name"] == "T"
    assert len(front_matter(card)["configs"]) == 2
    assert card.endswith("---\n\nBody\n---\nrule\n")
    assert card.count("config_name: quotes") == 1


def test_card_without_front_matter_gets_one() -> None:
    card = update_card("# Title\n", MANIFEST, ROW)
    assert list(front_matter(card)) == ["configs"]
    assert card.endswith("---\n# Title\n")


def test_renewing_twice_changes_nothing() -> None:
    once = update_card(CARD, MANIFEST, ROW)
    assert update_card(once, MANIFEST, ROW) == once


def test_regions_are_renewed_and_the_body_kept() -> None:
    card = update_card(CARD, MANIFEST, ROW)
    assert "Words of the author." in card
    assert "outdated" not in card
    assert "| `quotes` | a quote, with its speaker and the remarks it tells | test 1,234 |" in card
    for column in CONFIG_OF["quotes"].columns:
        assert f"| `{column.name}` |" in card
    assert '  "content_text": "Is it “so”?"' in card


def test_body_without_regions_is_left_alone() -> None:
    body = "# T\n<!-- retold:columns -->\nno end\n"
    assert update_card(f"---\na: 1\n---\n{body}", MANIFEST, ROW).endswith(body)


def test_example_is_a_short_quote_with_a_retold_remark() -> None:
    told = {**ROW, "quote_id": "k-q02", "utterances": [{"utterance_id": "u"}]}
    longer = {**told, "quote_id": "k-q03", "content_text": "x" * 99}
    assert choose_example([ROW, longer, told]) == told
    assert choose_example([ROW]) == ROW
    assert choose_example([]) is None


def test_the_canary_stands_in_its_region_if_the_corpus_has_one() -> None:
    card = "x\n<!-- retold:canary -->\n<!-- /retold:canary -->\n"
    assert "`CANARY 1`" in update_card(card, {**MANIFEST, "canary": "CANARY 1"}, None)
    assert "`" not in update_card(card, {**MANIFEST, "canary": None}, None).split("-->")[1]
