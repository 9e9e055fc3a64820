"""Text is normalised for listening and quoted as it was typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.grading.text import READ, read, sentences


@given(st.text(max_size=400))
def test_every_sentence_and_token_stands_in_the_text(raw: str) -> None:
    text = read(raw)
    for quote in (*text.sentences, *sentences(raw)):
        assert raw[quote.start : quote.end] == quote.text
    for token in text.tokens:
        assert 0 <= token.start < token.end <= len(raw)
    assert len(text.bounds) == len(text.sentences) == len(text.plain)


def test_sentences_end_where_a_reader_would_end_them() -> None:
    raw = "Use recall, e.g. recall@5. It was 0.82 in May!\n- then rerank; and check"
    assert [q.text for q in sentences(raw)] == [
        "Use recall, e.g. recall@5.",
        "It was 0.82 in May!",
        "then rerank",
        "and check",
    ]


def test_a_long_sentence_is_offered_by_the_clause() -> None:
    raw = (
        "I would first look at the inputs of the model and their history over the spring, because somebody may have "
        "renamed a column in the source, but at the same time I would ask the team that owns the tool what they "
        "released, so that we do not lose the whole week on the wrong side of the fence"
    )
    pieces = sentences(raw)
    assert len(pieces) > 1
    assert all(raw[p.start : p.end] == p.text for p in pieces)


def test_contractions_spelling_and_invisible_characters_do_not_hide_words() -> None:
    assert [t.word for t in read("don’t opti\u200bmize").tokens] == ["do", "not", "optimise"]
    assert read("behaviour").tokens[0].stem == read("behavior").tokens[0].stem
    assert read("ＭＯＤＥＬ").tokens[0].word == "model"


def test_only_so_much_of_an_endless_text_is_read() -> None:
    assert read("word " * 100_000).tokens[-1].end <= READ
