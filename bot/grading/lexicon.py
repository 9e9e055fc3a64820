"""Which words carry meaning, and how much. It knows nothing of problems or criteria."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from bot.grading.text import stem, word_set

GLUE = word_set(
    """a an the this that these those it its he she they them his her their we us our you your i me my who whom
    which what when where why how is are was were be been being am do does did doing have has had having will
    would shall should can could may might must of to in on at by for with from into onto over under about as
    than then there here if so but because while whereas although though until unless since during between
    through not no nor never only just also too very more most less least much many some any each every both
    either neither all one up out off again still already let get gets got go goes going make makes made say
    says said use uses used using need needs want wants way thing things like even such same other another
    own per via after before above below first or and"""
)
"""Function words and empty verbs: they hold sentences together and say little."""

CONJUNCTIONS, ARTICLES = frozenset({"and", "or"}), frozenset({"the", "a", "an"})

ORDERS = word_set(
    """add ask avoid begin build call change check choose collect compare count cut decide define deploy diff drop find
    fit fix freeze give go hold inform join keep label learn limit list log look lower measure move notify open page
    pick plot print pull push put read recompute record remove replace replay report rerun reset restore return revert
    review roll run sample save score search send set ship show sort split start stop swap switch take talk tell test
    train try tune turn validate verify wait warn watch write"""
)
"""Verbs that begin a terse instruction."""

_STEMS = frozenset(stem(word) for word in GLUE)


@cache
def _table() -> tuple[dict[str, float], float]:
    data = json.loads(files("bot.grading").joinpath("idf.json").read_text(encoding="utf-8"))
    return data["idf"], float(data["unknown"])


def weight(stemmed: str) -> float:
    """How much a stem tells, 0..1: nothing for glue, most for words seldom seen in answers."""
    if stemmed in _STEMS or not stemmed:
        return 0.0
    table, unknown = _table()
    return table.get(stemmed, unknown)


def known(stemmed: str) -> bool:
    """Whether a stem is a proper word of ours, which is then never taken for a misspelling of another."""
    return stemmed in _STEMS or stemmed in _table()[0]
