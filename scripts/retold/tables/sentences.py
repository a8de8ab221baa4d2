"""Config ``sentences``: one row a sentence, with its checkability and its tagged tokens."""

from __future__ import annotations

from collections import defaultdict

from retold.carrying import CleanArticle
from retold.features import INTEGER, STRING, ClassLabel, Column, ListOf, Row, carried_segment, span_columns
from retold.records import Article, Mention
from retold.tables.context import PLACE, Context, Places, sentences
from retold.tokens import bio_tags, decode_tags, encode_tags, tokenize


def _tokens(record: Row, text: str) -> list[str]:
    """Text rule: the words of the record's tokens."""
    return [text[start:end] for start, end in zip(record["token_starts"], record["token_ends"], strict=True)]


def _clean_tokens(record: Row, article: CleanArticle) -> list[tuple[int, int]]:
    """Return the tokens of the sentence in the clean text: cut anew, since words may stand apart there."""
    return tokenize(article.text, *(carried_segment(record, article) or (0, 0)))


def _clean_starts(record: Row, article: CleanArticle) -> list[int]:
    return [start for start, _ in _clean_tokens(record, article)]


def _clean_ends(record: Row, article: CleanArticle) -> list[int]:
    return [end for _, end in _clean_tokens(record, article)]


def _clean_tags(record: Row, article: CleanArticle) -> list[str]:
    """Clean rule: the tagged stretches carried over, then tagged in the new tokens."""
    raw_tokens = zip(record["token_starts"], record["token_ends"], strict=True)
    spans = (
        (*carried, label)
        for start, end, label in decode_tags(raw_tokens, record["ner_tag_names"])
        if (carried := article.span(start, end)) is not None
    )
    return encode_tags(_clean_tokens(record, article), spans)


_ARTICLE_ID, _FOLD, _BLOCK_ID, *_ = PLACE
COLUMNS = (
    Column("sentence_id", STRING, "The sentence."),
    _ARTICLE_ID,
    _FOLD,
    Column("block_id", STRING, "The block that holds the sentence."),
    Column("sentence_ids", ListOf(STRING), "The sentence alone, for joins that go by `sentence_ids`."),
    Column("block_kind", STRING, "Kind of the block: title, heading, paragraph, turn, boilerplate, …"),
    Column("position", INTEGER, "Number of the sentence in its article, from 0."),
    *span_columns("the sentence", carried_segment),
    Column(
        "checkability",
        STRING,
        "`checkable`, `vague` or `none`; null in blocks that are not judged (dateline, byline, boilerplate).",
    ),
    Column("reason", STRING, "Why nothing is checkable, for `none`: opinion, question, forecast, …"),
    Column("checkability_label", ClassLabel("checkability"), "`checkability` as a class label."),
    Column("tokens", ListOf(STRING), "The tokens of the sentence.", text=_tokens),
    Column(
        "token_starts",
        ListOf(INTEGER),
        "Start of each token: code points into the article's text.",
        clean=_clean_starts,
    ),
    Column(
        "token_ends", ListOf(INTEGER), "End of each token, exclusive, in the same units.", clean=_clean_ends
    ),
    Column(
        "ner_tags",
        ListOf(ClassLabel("ner_tag")),
        "BIO tag of each token as a class label: names, adjectives, values; the outermost mention wins.",
        clean=_clean_tags,
    ),
    Column(
        "ner_tag_names",
        ListOf(STRING),
        "`ner_tags` as strings: `O`, `B-GPE`, `I-GPE`, …",
        clean=_clean_tags,
    ),
    Column("note", STRING, "The annotators' remark on the checkability, if any."),
)


def rows(article: Article, places: Places, context: Context) -> list[Row]:
    """Return the rows of one article, in text order, words still to be filled in."""
    labels = {label.sentence: label for label in article.sentence_labels}
    mentions: defaultdict[int, list[Mention]] = defaultdict(list)
    for mention in article.mentions:
        for number in places.touched(mention.span):
            mentions[number].append(mention)
    result = []
    for position, (block, sentence) in enumerate(sentences(article)):
        label = labels.get(sentence.id)
        checkability = label.checkability if label else None
        result.append(
            {
                "sentence_id": sentence.id,
                **places.of([sentence.span]),
                "block_kind": block.kind,
                "position": position,
                "start": sentence.span.start,
                "end": sentence.span.end,
                "text": None,
                "checkability": checkability,
                "reason": label.reason if label else None,
                "checkability_label": context.codes["checkability"][checkability],
                **_tagged(article.text, sentence.span.start, sentence.span.end, mentions[position], context),
                "note": label.note if label else None,
            }
        )
    return result


def _tagged(text: str, start: int, end: int, mentions: list[Mention], context: Context) -> Row:
    """Return the token columns of the sentence ``text[start:end]``."""
    tokens = tokenize(text, start, end)
    names = bio_tags(tokens, mentions)
    return {
        "tokens": None,
        "token_starts": [token[0] for token in tokens],
        "token_ends": [token[1] for token in tokens],
        "ner_tags": list(map(context.codes["ner_tag"].__getitem__, names)),
        "ner_tag_names": names,
    }
