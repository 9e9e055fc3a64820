"""Words of general English that mean the opposite of each other. It knows no subject and no problem."""

from __future__ import annotations

from functools import cache

from bot.grading.text import spell, stem

_PAIRS = """
increase decrease|rise fall|grow shrink|raise lower|high low|higher lower|more less|more fewer|most least|many few|
big small|large small|larger smaller|long short|longer shorter|fast slow|faster slower|quick slow|hot cold|
hotter colder|warm cool|open closed|same different|equal different|connect separate|connect disconnect|on off|
true false|correct wrong|correct incorrect|right wrong|positive negative|first last|before after|above below|
up down|left right|strong weak|hard soft|easy difficult|easy hard|light dark|heavy light|full empty|add remove|
add subtract|always never|all none|both neither|inside outside|internal external|push pull|maximum minimum|
maximise minimise|best worst|better worse|improve worsen|good bad|near far|rough smooth|wet dry|loud quiet|
tight loose|thick thin|deep shallow|success failure|accept reject|allow prevent|gain lose|keep lose|
appear disappear|attract repel|expand contract|linear nonlinear|supervised unsupervised|discrete continuous|
static dynamic|synchronous asynchronous|fixed variable|single multiple|simple complex|cheap expensive|
overfit underfit|forward backward|forwards backwards|possible impossible|complete incomplete|known unknown|
local global|public private|early late|young old|rich poor|wide narrow|broad narrow|upper lower
"""


@cache
def of(stemmed: str) -> frozenset[str]:
    """Stems that mean the opposite."""
    return frozenset().union(*(pair for pair in _pairs() if stemmed in pair)) - {stemmed}


@cache
def _pairs() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(stem(spell(word)) for word in pair.split()) for pair in _PAIRS.split("|"))
