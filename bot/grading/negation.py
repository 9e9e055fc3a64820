"""Whether words stand under a negation. It decides polarity, not what the words mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from bot.grading.text import Token, word_set

REACH = 7
"""Tokens that a negation reaches forward inside its clause."""

SUBJECT = 4
"""Words that may stand between a thing and the verb that denies it: "a parameter for the date is not needed"."""

TAIL = 40
"""Words after which ", which is wrong" is too far away to mean what was said."""

_NEGATORS = word_set(
    """not no never none nor neither without hardly avoid avoiding avoids unlike nobody nothing pointless useless
    unnecessary overkill"""
)
_PREFIXES = ("lack", "ignor", "skip", "forget", "forgot", "neglect")
_PAIRS = {("instead", "of"), ("rather", "than"), ("fail", "to"), ("fails", "to"), ("failed", "to"), ("opposed", "to")}
_COMPARES = frozenset({"instead", "rather", "opposed"})
_GOES_ON = word_set(
    """use take look show report try go do give ask add keep pick choose i we you they he she it should would will can
    could must"""
)
"""Words with which a sentence comes to what is done instead."""
_ADVERBS = word_set("only just merely simply solely")
_HARMLESS_AFTER = _ADVERBS | word_set("until sure least")
_HARMLESS_PAIRS = {("no", "doubt"), ("no", "matter"), ("no", "longer")}
_HARMLESS_BEFORE = frozenset({"why", "or", "if"})
_AUXILIARIES = word_set(
    """is are was were be been do does did will would should shall can could may might must has have had"""
)
_DISMISSALS = word_set(
    """not never no too overkill pointless useless unnecessary needless waste wasteful wrong unreliable negligible
    annoying irrelevant misleading impossible nonsense expensive break unacceptable"""
)
_WRONG = word_set("wrong mistake error false incorrect nonsense untrue")
_RIGHT = word_set("true right correct needed necessary")
_HARMS = word_set(
    """lose loses waste wastes hurt hurts annoy annoys ruin ruins destroy destroys harm harms damage damages worsen
    worsens"""
)
_SOFTENERS = word_set(
    "a an the just really simply also often far way much bit quite rather very usually probably still"
)
_NEW_SUBJECT = word_set(
    "if when until unless where that who which because so but or while we i you they he she it this then"
)
_REFUSED = re.compile(
    r"\b(?:i|we)(?:'d|'ll| would| will| should| do| can)? ?(?:rather )?(?:avoid|skip|leave out|"
    r"(?:not|n't|don't|wouldn't|won't|never) (?:do|use|bother with|want|trust|take|recommend|need)) "
    r"(?:it|that|this|them|those|any of it)\b"
)
_FRAME = re.compile(
    r"^\W*(?:(?:and|but|so|also|no|well)\W+)*(?:"
    r"(?:it is|it's|its|this is|that is|that's) (?:\w+ )?(?:false|not true|untrue|wrong|incorrect|not the case|a myth|"
    r"a mistake|nonsense|a lie)\b|(?:i|we) (?:disagree|doubt|deny|don'?t (?:think|believe|agree))|"
    r"(?:a|an|one|the|another) (?:\w+ )?(?:mistake|error) (?:here )?would be\b|"
    r"(?:nobody|no one|no-one) (?:should|needs|would)|(?:false|wrong|untrue|not true|myth)\s*[:,]|"
    r"(?:i|we) (?:would|will|could|should) never (?:say|claim|argue|think|believe)|"
    r"by no means|under no circumstances)",
    re.IGNORECASE,
)
_DISOWNED = re.compile(
    r"\b(?:everything|anything|nothing|every word|no word|all|none)(?: of)?(?: (?:this|that|these|it|what|which|the))*"
    r"(?: i)?(?: (?:above|below|before|follows|following|said|wrote|say|write|here|just))*"
    r" (?:is|are|was|were) (?:\w+ )?(?:wrong|false|untrue|nonsense|true|right|correct)\W*$|"
    r"\b(?:opposite|contrary|reverse) of (?:this|that|all|everything|what i|the above|it)\b.{0,20}"
    r" (?:is|holds|are) (?:true|the case|right|correct)\W*$",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:(?:some|many|most|other|few)(?: \w+)? (?:say|think|believe|claim|assume|argue|would say|might say)|"
    r"(?:people|candidates|teams|juniors|beginners) (?:often |usually |sometimes )?(?:say|think|believe|assume|claim)|"
    r"(?:you|one|someone|somebody) (?:might|may|could|would) (?:be tempted|think|say|assume|argue)|"
    r"(?:common|classic|usual|typical|frequent|big|biggest|naive|beginner'?s?) "
    r"(?:mistake|error|trap|myth|misconception|belief|idea)|tempt(?:ing|ed|ation)|at first glance|myth|misconception|"
    r"(?:a|an|one|another|the) (?:\w+ )?(?:mistake|trap|error|danger|risk|pitfall) (?:here )?(?:is|of|would)|"
    r"if (?:we|you|they|one|someone|somebody|it) (?:only |just |simply )?(?:\w+ed|took|went|had|were|did|chose|kept|"
    r"ran|let|made|gave)\b.*(?:\bwould\b|'d\b)|wrong to|mistake to|contrary to|"
    r"(?:he|she|they|interviewer|someone|somebody) (?:claims?|believes?|thinks?|assumes?))\b",
    re.IGNORECASE,
)

_OPEN = re.compile(
    r"\b(?:or (?:maybe|perhaps|possibly|it (?:might|may|could))|it depends|"
    r"(?:i am|i'm) not (?:really |quite |so )?sure)\b"
)


def negators(tokens: Sequence[Token]) -> dict[int, int]:
    """Position of each token that negates what follows it -> the position before which its reach ends."""
    return {index: _reach(tokens, index) for index in range(len(tokens)) if _negates(tokens, index)}


def denials(tokens: Sequence[Token]) -> int:
    """How many words or pairs of them deny something, also where that is harmless ("never just one")."""
    return len({i for i, token in enumerate(tokens) if token.word in _NEGATORS}.union(negators(tokens)))


def _reach(tokens: Sequence[Token], index: int) -> int:
    """The end of the clause, REACH at most; "instead of X use Y" denies X alone."""
    end = index + 1
    while end < len(tokens) and end <= index + REACH and tokens[end].clause == tokens[index].clause:
        if end > index + 2 and tokens[index].word in _COMPARES and tokens[end].word in _GOES_ON:
            break
        end += 1
    return end


def limits(tokens: Sequence[Token], index: int) -> bool:
    """Whether a "not" takes back only the adverb behind it: "not only", "not just"."""
    return index >= 0 and tokens[index].word == "not" and tokens[index + 1].word in _ADVERBS


def before(tokens: Sequence[Token], start: int, negating: Mapping[int, int], own: Collection[int]) -> bool:
    """Whether the words at `start` stand under a negation earlier in their clause; `own` positions do not count.

    Two negations cancel each other: "don't forget to measure" measures.
    """
    here = tokens[start]
    count = 0
    for index in range(start - 1, max(-1, start - 1 - REACH), -1):
        token = tokens[index]
        if token.sentence != here.sentence or token.clause != here.clause:
            break
        if index not in own and start < negating.get(index, 0):
            count += 1
    return count % 2 == 1


def after(tokens: Sequence[Token], end: int, own: Collection[int]) -> bool:
    """Whether what is named before `end` is denied or dismissed by its verb: "X is not", "X would be a waste"."""
    if _taken_back(tokens, end):
        return True
    clause = tokens[end - 1].clause
    index = end
    while index < len(tokens) and index <= end + SUBJECT and tokens[index].word not in _AUXILIARIES:
        if tokens[index].clause != clause or tokens[index].word in _NEW_SUBJECT:
            return False
        if tokens[index].word in _HARMS and index not in own:
            return True
        index += 1
    if tokens[index - 1].word == "and":
        return False
    verb = index
    while index < len(tokens) and (tokens[index].word in _AUXILIARIES or (index > verb and _softens(tokens, index))):
        index += 1
    if index == verb or index >= len(tokens) or index in own or tokens[index].clause != clause:
        return False
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    return tokens[index].word in _DISMISSALS | _HARMS and following not in _HARMLESS_AFTER


def _taken_back(tokens: Sequence[Token], end: int) -> bool:
    """Whether the sentence goes on with ", which is wrong" or ", which would be a mistake"."""
    sentence = tokens[end - 1].sentence
    index, last = end, min(len(tokens), end + TAIL)
    while index < last and tokens[index].sentence == sentence and tokens[index].word not in {"which", "but"}:
        index += 1
    if index >= last or tokens[index].word != "which":
        return False
    verb = index = index + 1
    while index < len(tokens) and (tokens[index].word in _AUXILIARIES or (index > verb and _softens(tokens, index))):
        index += 1
    if index == verb or index >= len(tokens) or tokens[index].sentence != sentence:
        return False
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    if tokens[index].word == "not":
        return following in _RIGHT
    return tokens[index].word in _WRONG and following not in {"in", "on", "for", "about"}


def _softens(tokens: Sequence[Token], index: int) -> bool:
    return tokens[index].word in _SOFTENERS


def refused(sentence: str) -> bool:
    """Whether a sentence, in lower case, ends up refusing what it names: "..., so I would avoid it"."""
    return _REFUSED.search(sentence) is not None


def framed(sentence: str) -> bool:
    """Whether a sentence as a whole is denied: "it is false that ...", "nobody should ..."."""
    return _FRAME.search(sentence[:120]) is not None


def disowned(sentence: str) -> bool:
    """Whether a sentence takes back the others: "none of this is true", "the opposite of the above is right"."""
    return _DISOWNED.search(sentence) is not None


def reported(sentence: str) -> bool:
    """Whether a sentence tells what others believe or calls it a mistake, so that its claim is not the speaker's."""
    return _REPORTED.search(sentence) is not None


def left_open(sentence: str) -> bool:
    """Whether a sentence, in lower case, does not commit itself: "or maybe", "it depends", "I'm not sure"."""
    return _OPEN.search(sentence) is not None


def _negates(tokens: Sequence[Token], index: int) -> bool:
    word = tokens[index].word
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    previous = tokens[index - 1].word if index and tokens[index - 1].sentence == tokens[index].sentence else ""
    if (word, following) in _PAIRS:
        return True
    if (word, following) in _HARMLESS_PAIRS:
        return False
    if word in _NEGATORS:
        return following not in _HARMLESS_AFTER and previous not in _HARMLESS_BEFORE
    return word.startswith(_PREFIXES)
