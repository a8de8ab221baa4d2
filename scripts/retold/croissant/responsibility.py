"""The properties of Croissant RAI, from the datasheet of the corpus and from its passes.

A datasheet has the questions of Gebru et al., *Datasheets for Datasets* (2021), as headings; the answers to
some of them are what properties of the RAI vocabulary ask. So they are written once. Tables and generated
regions (between HTML comments) of an answer are left out, with the paragraph that leads to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from retold.croissant.fields import Json
from retold.croissant.project import read_document
from retold.layout import Layout

# property -> (how its questions begin, whether it may have several values)
PROPERTIES: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "rai:dataCollection": (
        (
            "How was the data associated with each instance acquired?",
            "What mechanisms or procedures were used to collect the data",
        ),
        False,
    ),
    "rai:dataCollectionMissingData": (("Is any information missing from individual instances?",), False),
    "rai:dataCollectionRawData": (('Was the "raw" data saved',), False),
    "rai:dataAnnotationProtocol": (("Was any preprocessing/cleaning/labeling of the data done",), True),
    "rai:annotatorDemographics": (("Who was involved in the data collection process",), True),
    "rai:dataBiases": (
        (
            "Does the dataset contain all possible instances or is it a sample",
            "Is there anything about the composition of the dataset",
        ),
        True,
    ),
    "rai:dataLimitations": (
        (
            "Are there tasks for which the dataset should not be used?",
            "Are there any errors, sources of noise, or redundancies in the dataset?",
        ),
        True,
    ),
    "rai:dataUseCases": (("What (other) tasks could the dataset be used for?",), True),
    "rai:personalSensitiveInformation": (
        (
            "Is it possible to identify individuals",
            "Does the dataset contain data that might be considered sensitive in any way",
        ),
        True,
    ),
    "rai:dataReleaseMaintenancePlan": (("Will the dataset be updated",), False),
}
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_HEADING = re.compile(r"^#{2,6} (.+)$", re.MULTILINE)
_ASIDE = re.compile(r"(?<!\s)\s*\((?:e\.g\.|i\.e\.)[^?]{0,999}\)")


def responsible_use(layout: Layout) -> Json:
    """Return the RAI properties that the corpus gives an answer to.

    Raises:
        DocumentError: The datasheet cannot be read.
    """
    answers = read_answers(read_document(layout.datasheet)) if layout.datasheet.is_file() else {}
    found: Json = {}
    for name, (beginnings, several) in PROPERTIES.items():
        texts = [
            _said(question, answer)
            for beginning in beginnings
            for question, answer in answers.items()
            if question.startswith(beginning) and answer
        ]
        if texts:
            found[name] = texts if several else "\n\n".join(texts)
    return {**found, "rai:annotationsPerItem": annotations_per_item(layout)}


def annotations_per_item(layout: Layout) -> str:
    """Return how often an item was annotated: in what is published, and in the passes kept beside it."""
    articles = sum(1 for _ in layout.article_folders())
    passes = [f"{own.annotations.name} ({sum(1 for _ in own.article_folders())})" for own in layout.passes()]
    if not passes:
        return "1"
    return (
        f"1 in what is published. {len(passes)} passes over the {articles} articles are kept "
        f"beside it, as they were (in brackets the articles that each covers): {', '.join(passes)}."
    )


def read_answers(datasheet: str) -> dict[str, str]:
    """Return the answers of a datasheet by their questions, as plain text, without tables and regions."""
    parts = _HEADING.split(datasheet.replace("\r\n", "\n"))
    return {
        question.strip(): "\n\n".join(_prose(answer))
        for question, answer in zip(parts[1::2], parts[2::2], strict=True)
    }


def _prose(answer: str) -> Iterator[str]:
    """Yield the paragraphs of an answer up to the first table or generated region."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", answer) if part.strip()]
    end = next((n for n, part in enumerate(paragraphs) if part.startswith(("|", "<!--"))), None)
    kept = paragraphs[:end]
    if end is not None and kept and kept[-1].endswith(":"):
        kept.pop()
    yield from (_LINK.sub(r"\1", part) for part in kept)


def _said(question: str, answer: str) -> str:
    """Return an answer that can stand alone: with its question, where it begins with yes or no."""
    if not re.match(r"(?:Yes|No)\b", answer):
        return answer
    return f"{_ASIDE.sub('', question)} {answer}"
