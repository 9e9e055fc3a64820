"""Discord's Markdown as its apps read it: what somebody sees of a text, and what in it is formatted or can be pressed.

The rules are those of simple-markdown with Discord's own (github.com/ItzDerock/discord-markdown-parser, 2026-11), tried
at every character rather than at the beginnings of words only: what is plain text here is so in every app.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

GAP = "\u200b"
BULLET = r"(?:[*+-]|\d+\.)"


@dataclass(frozen=True, slots=True)
class Node:
    kind: str
    """text, or the name of the rule."""
    text: str
    """What is seen of it."""
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


AT_LINE_START = {
    "quote": re.compile(r"( *>>> (?P<rest>[\s\S]*))|( *> [^\n]*(\n *> [^\n]*)*\n?)"),
    "subtext": re.compile(r" *-# +(?P<in>(?!(-#)+)[^\n]+?) *(?:\n|$)"),
    "heading": re.compile(r" *#{1,3} +(?P<in>(?!#+)[^\n]+?)#* *(?:\n|$)"),
    "list": re.compile(rf"( *){BULLET} [\s\S]+?(?:\n{{2,}}(?! )(?!\1{BULLET} )\n*|\s*\n*$)"),
}
ANYWHERE = {
    "fence": re.compile(r"```(?:[a-z0-9_+\-.#]+?\n)?\n*(?P<is>[^\n][\s\S]*?)\n*```", re.I),
    "escape": re.compile(r"\\(?P<is>[^0-9A-Za-z\s])"),
    "user": re.compile(r"<@!?\d+>"),
    "role": re.compile(r"<@&\d+>"),
    "channel": re.compile(r"<#\d+>"),
    "command": re.compile(r"</[^:\n]+:\d+>"),
    "navigation": re.compile(r"<id:\w+>"),
    "time": re.compile(r"<t:-?\d+(?::[tTdDfFR])?>"),
    "emoji": re.compile(r"<a?:\w+:\d+>|:(?=[^\s:])[^\s:]+:"),
    "everyone": re.compile(r"@(?:everyone|here)", re.I),
    "autolink": re.compile(r"<(?P<is>[^: >]+:/[^ >]+|mailto:[^ >]+|[^ >]+@[^ >]+|\+\d+)>"),
    "url": re.compile(r"(?P<is>(?:https?|steam|discord)://[^\s<]+[^<.,:;\"')\]\s])", re.I),
    "link": re.compile(r"\[(?P<in>(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:[^\s\\]|\\.)*?)>?\s*\)"),
    "strong": re.compile(r"\*\*(?P<in>(?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    "underline": re.compile(r"__(?P<in>(?:\\[\s\S]|[^\\])+?)__(?!_)"),
    "em": re.compile(
        r"_(?P<in>(?:__|\\[\s\S]|[^\\_])+?)_(?!\w)"
        r"|\*(?=\S)(?P<in2>(?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
    ),
    "strike": re.compile(r"~~(?P<in>[\s\S]+?)~~"),
    "spoiler": re.compile(r"\|\|(?P<in>[\s\S]+?)\|\|"),
    "code": re.compile(r"(?P<ticks>`+)(?P<is>[\s\S]*?[^`])(?P=ticks)(?!`)"),
}
LIVE = frozenset(ANYWHERE) - {"fence", "escape", "strong", "em", "code"}
"""What nobody may bring about by typing; nor may they format anything, which shows in what is seen."""
ITEM = re.compile(rf"^( *){BULLET} +([^\n]*(?:\n(?!\1{BULLET} )[^\n]*)*)(?:\n|$)", re.M)
PLAIN = re.compile(r"[^\\`*_~|<\[:@\n]+?(?=https?:|steam:|discord:|[\\`*_~|<\[:@\n]|$)", re.I)


def seen(text: str) -> str:
    """All that is seen, without white space."""
    return "".join("".join(node.text for node in read(text)).replace(GAP, "").split())


def kinds(text: str) -> set[str]:
    """The names of the rules that found something."""
    return {node.kind for top in read(text) for node in top.walk()} - {"text", "escape"}


def read(text: str, inside: frozenset[str] = frozenset()) -> list[Node]:
    """`inside`: the rules within which the text stands; a quote has no quote in it."""
    return list(_nodes(text, inside))


def _nodes(text: str, inside: frozenset[str]) -> Iterator[Node]:
    at = 0
    starts_line = "link" not in inside
    while at < len(text):
        kind, found = _first(text, at, inside, starts_line=starts_line)
        if found is None:
            plain = PLAIN.match(text, at) if not starts_line else None
            end = plain.end() if plain else at + 1
            yield Node("text", text[at:end])
        else:
            end = found.end()
            yield _node(kind, found, inside | {kind})
        starts_line = text[end - 1] == "\n" or (starts_line and text[at:end].isspace())
        at = end


def _first(text: str, at: int, inside: frozenset[str], *, starts_line: bool) -> tuple[str, re.Match[str] | None]:
    for kind, rule in AT_LINE_START.items() if starts_line else ():
        if not (kind == "quote" and "quote" in inside) and (found := rule.match(text, at)):
            return kind, found
    if text[at] in "\\`*_~|<[:@" or text[at].lower() in "hsd":
        for kind, rule in ANYWHERE.items():
            if found := rule.match(text, at):
                return kind, found
    return "text", None


def _node(kind: str, found: re.Match[str], inside: frozenset[str]) -> Node:
    groups = found.groupdict()
    if kind == "list":
        children = tuple(node for item in ITEM.finditer(found[0]) for node in read(item[2], inside))
    elif kind == "quote":
        children = tuple(read(re.sub(r"^ *>(?:>>)? ?", "", found[0], flags=re.M), inside))
    elif (inner := groups.get("in") or groups.get("in2")) is not None:
        children = tuple(read(inner, inside))
    else:
        return Node(kind, groups.get("is") or found[0])
    return Node(kind, "".join(child.text for child in children), children)
