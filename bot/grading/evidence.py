"""Where an answer may say what no grader heard: the sentence most like a criterion, by a small sentence model.

It only finds evidence. A verdict that is unsure stays unsure: no state, chance, score or band comes from a likeness,
because sentence models hear the topic and not whether it is affirmed. The model is read from a folder; nothing is ever
downloaded. It does not know settings, nor who asks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import mul
from pathlib import Path
from threading import Lock
from typing import Any

import structlog

from bot.catalogue.problem import Criterion
from bot.door.messages import clip
from bot.errors import RolecallError
from bot.grading import guards, rubric
from bot.grading.question import Question
from bot.grading.text import read, sentences
from bot.model import Assessment, Quote, State, Verdict

FILES = ("model.onnx", "tokenizer.json")
"""What the folder of a sentence model holds, under the names of exports for sentence-transformers."""

LIKENESS = 0.45
"""Cosine from which a sentence is shown; what all-MiniLM-L6-v2 finds with it: docs/llm.md."""

SHOWN = 120
"""Characters of the sentence in the reason."""

PIECES = 256
"""Word pieces of a sentence that are read where the tokenizer sets no limit of its own."""

CLAIMS = 2000
"""Vectors of statements and reference spans kept, some 10 kB each; a learner's sentences are never kept."""

_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
_POOLED, _BY_PIECE = "sentence_embedding", "last_hidden_state"

Vector = tuple[float, ...]

log = structlog.get_logger()


class SentenceModel:
    """Turns a sentence into a direction. Loads on first use; safe to share. Needs the extra `semantic`."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds FILES; nothing is read yet."""
        self.folder = folder
        self._loaded: _Loaded | None = None
        self._lock = Lock()

    def vector(self, sentence: str) -> Vector:
        """The sentence's direction, of length 1. RolecallError for a model that cannot be used."""
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.folder)
        return _vector(self._loaded, sentence)


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: Any
    session: Any
    inputs: tuple[str, ...]
    output: str


def _load(folder: Path) -> _Loaded:
    import onnxruntime
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    except Exception as error:  # the libraries raise classes of their own without a common one
        said = str(error).partition("\n")[0]
        raise RolecallError(f"The sentence model cannot be read: {said}. Export or download it again.") from error
    # Published tokenizers fill every sentence up to 128 pieces; one sentence at a time needs no filling.
    tokenizer.no_padding()
    if tokenizer.truncation is None:
        tokenizer.enable_truncation(PIECES)
    inputs = tuple(i.name for i in session.get_inputs())
    outputs = [o.name for o in session.get_outputs()]
    output = next((name for name in (_POOLED, _BY_PIECE) if name in outputs), None)
    if output is None or not {"input_ids"} <= set(inputs) <= _INPUTS:
        takes, gives = ", ".join(inputs), ", ".join(outputs)
        raise RolecallError(
            f"model.onnx takes {takes} and gives {gives}, so it is no sentence model that can be used here. "
            f"Choose one that takes {', '.join(sorted(_INPUTS))} and gives {_POOLED} or {_BY_PIECE}."
        )
    return _Loaded(tokenizer, session, inputs, output)


def _vector(model: _Loaded, sentence: str) -> Vector:
    encoded = model.tokenizer.encode(sentence)
    pieces = {
        "input_ids": encoded.ids,
        "attention_mask": encoded.attention_mask,
        "token_type_ids": encoded.type_ids,
    }
    try:
        [[found]] = model.session.run([model.output], {name: [pieces[name]] for name in model.inputs})
    except Exception as error:  # as in _load
        said = str(error).partition("\n")[0]
        raise RolecallError(f"The sentence model cannot be run: {said}. Do its two files belong together?") from error
    # Of one sentence without filling the mask holds every piece.
    mean = (found if model.output == _POOLED else found.mean(axis=0)).tolist()
    length = math.hypot(*mean) or 1.0
    return tuple(x / length for x in mean)


class EvidenceFinder:
    """Gives verdicts that are unsure and without a quote the sentence that may say it. Safe to share."""

    def __init__(self, model: SentenceModel, least: float = LIKENESS) -> None:
        """`least`, 0..1: the likeness from which a sentence is taken."""
        self.model = model
        self._least = least
        self._claim = lru_cache(maxsize=CLAIMS)(model.vector)

    def find(self, question: Question, answer: str, assessment: Assessment) -> Assessment:
        """The assessment with more quotes and nothing else changed; as it was where the model fails."""
        bare = {v.criterion for v in assessment.verdicts if v.state is State.UNSURE and v.quote is None}
        if not bare or rubric.NOT_GRADABLE.intersection(assessment.flags):
            return assessment
        try:
            usable = [(sentence, self.model.vector(sentence.text)) for sentence in _usable(question, answer)]
            found = {c.id: self._likest(c, usable) for c in question.criteria if c.id in bare}
        except RolecallError as error:
            log.warning("sentence_model_failed", reason=str(error))
            return assessment
        return replace(assessment, verdicts=tuple(_with(v, found.get(v.criterion)) for v in assessment.verdicts))

    def _likest(self, criterion: Criterion, usable: Sequence[tuple[Quote, Vector]]) -> Quote | None:
        claims = [self._claim(text) for text in (criterion.statement, criterion.reference_span)]
        likeness = [(max(sum(map(mul, vector, claim)) for claim in claims), s) for s, vector in usable]
        most, sentence = max(likeness, key=lambda one: one[0], default=(0.0, None))
        return sentence if most >= self._least else None


def _usable(question: Question, answer: str) -> list[Quote]:
    """The sentences of an answer but for those that are copied from the question or speak to the grader."""
    text = read(answer)
    ignored = guards.inspect(question, text, guards.known_of(question.problem)).ignored
    return [s for s in sentences(answer) if not any(s.overlaps(text.sentences[number]) for number in ignored)]


def _with(verdict: Verdict, sentence: Quote | None) -> Verdict:
    if sentence is None:
        return verdict
    return replace(verdict, quote=sentence, why=f'may be said here: "{clip(sentence.text, SHOWN)}"')
