"""Items whose words stand as examples in the guidelines, which an annotator could look up.

An example is a text in code style, of ``LEAST_WORDS`` words or more, on the guideline page of a layer; in the
tables of examples a row that names an article holds for that article alone. An item is an example if its
words touch such a text where that stands in its article, in whichever pass. This says rather too much than
too little: a mention is left out if an example's context holds it, and each place of a repeated text counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retold.agreement.passes import Pass
from retold.layout import Layout
from retold.measures.spans import shared
from retold.records import Article, Span

LEAST_WORDS = 3
_CODE = re.compile(r"`([^`\n]+)`")
_WHOLE_ARTICLE = "<!-- examples: article_topics -->"
# Pages that have examples of what is judged under this name.
_PAGES = {
    "segments": ("segments",),
    "quotes": ("quotes", "alignment"),
    "entities": ("entities",),
    "claims": ("claims", "alignment"),
    "topics": ("topics",),
}


@dataclass(frozen=True, slots=True)
class Examples:
    """Where examples stand in an article, by layer; ``topics`` says if its article topics are one."""

    regions: Mapping[str, Sequence[Span]]
    topics: bool

    def touch(self, layer: str, spans: Iterable[Span]) -> bool:
        """Whether any of the spans shares a character with an example of the layer."""
        return shared(list(spans), self.regions[layer]) > 0


def guideline_files(layout: Layout) -> list[Path]:
    """Return the pages that examples are read from, sorted."""
    return sorted((layout.annotations / "_guidelines").glob("*.md"))


def read_examples(layout: Layout, articles: Mapping[str, Article]) -> dict[str, Examples]:
    """Return the examples of each article; none where there are no guidelines."""
    pages = {path.stem: path.read_text(encoding="utf-8") for path in guideline_files(layout)}
    whole = _table(pages.get("topics", ""))
    return {
        name: Examples(
            {
                layer: _found(
                    article.text, _phrases((pages.get(page, "") for page in of_layer), name, articles)
                )
                for layer, of_layer in _PAGES.items()
            },
            topics=f"`{name}`" in whole,
        )
        for name, article in articles.items()
    }


def without_examples(own: Pass, examples: Mapping[str, Examples]) -> Pass:
    """Return the pass without the items, labels and topics that are examples; its segments are left whole."""
    articles = {name: _reduced(article, examples[name]) for name, article in own.articles.items()}
    return replace(own, articles=articles)


def without_example_sentences(own: Pass, examples: Mapping[str, Examples]) -> Pass:
    """Return the pass without the sentences, and blocks of them, that are examples of how to cut a text."""
    articles = {}
    for name, article in own.articles.items():
        cut = [
            replace(
                block,
                sentences=tuple(s for s in block.sentences if not examples[name].touch("segments", [s.span])),
            )
            for block in article.blocks
        ]
        articles[name] = replace(article, blocks=tuple(block for block in cut if block.sentences))
    return replace(own, articles=articles)


def _reduced(article: Article, examples: Examples) -> Article:
    """Return an article without its examples; what names a sentence or block that is not there stays."""
    sentences = {s.id: [s.span] for block in article.blocks for s in block.sentences}
    blocks = {block.id: [s.span for s in block.sentences] for block in article.blocks}
    return replace(
        article,
        quotes=tuple(quote for quote in article.quotes if not examples.touch("quotes", quote.content)),
        mentions=tuple(m for m in article.mentions if not examples.touch("entities", [m.span])),
        sentence_labels=tuple(
            label
            for label in article.sentence_labels
            if not examples.touch("claims", sentences.get(label.sentence, ()))
        ),
        claims=tuple(claim for claim in article.claims if not examples.touch("claims", claim.spans)),
        main_topics=() if examples.topics else article.main_topics,
        secondary_topics=() if examples.topics else article.secondary_topics,
        block_topics=tuple(
            e for e in article.block_topics if not examples.touch("topics", blocks.get(e.block, ()))
        ),
    )


def _table(page: str) -> str:
    """Return the rows of the tables of whole articles' topics."""
    return "\n".join(part.partition("\n\n")[0] for part in page.split(_WHOLE_ARTICLE)[1:])


def _phrases(pages: Iterable[str], article: str, articles: Mapping[str, Article]) -> Iterator[str]:
    """Yield the texts in code style that may stand in an article, those of other articles' rows left out."""
    for line in "\n".join(pages).splitlines():
        found = _CODE.findall(line)
        named = articles.keys() & set(found)
        if line.startswith("|") and named and article not in named:
            continue
        for text in found:
            yield from (part.strip() for part in text.split("…") if len(part.split()) >= LEAST_WORDS)


def _found(text: str, phrases: Iterable[str]) -> list[Span]:
    """Return where the phrases stand, as spans that do not overlap."""
    covered: list[Span] = []
    hits = {match.span() for phrase in phrases for match in re.finditer(re.escape(phrase), text)}
    for first, last_end in sorted(hits):
        start, end = first, last_end
        if covered and start <= covered[-1].end:
            last = covered.pop()
            start, end = last.start, max(last.end, end)
        covered.append(Span(start, end, text[start:end]))
    return covered
