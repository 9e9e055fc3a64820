"""A content folder -> topics, concepts and problems that fit each other, and everything that keeps them from it.

Structure only: what a running Rolecall relies on. Whether the content is good is lint's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.catalogue.fault import Fault, Finding, one_of, short
from bot.catalogue.problem import Problem
from bot.catalogue.reading import Document, read
from bot.catalogue.wording import faults_of
from bot.errors import RolecallError

CONCEPT_NAME = 50
"""Characters; a concept's name stands on a button and in a list on a phone."""


@dataclass(frozen=True)
class Entry:
    """A problem file."""

    document: Document
    problem: Problem
    sound: bool
    """Nothing is wrong with its structure."""


@dataclass(frozen=True)
class Bank:
    """A content folder as it was read; what could not be used is in `faults`."""

    folder: Path
    areas: Mapping[str, str]
    """Area -> name."""
    topics: Mapping[str, str]
    """Topic ("area.topic") -> name."""
    concepts: Mapping[str, str]
    """Concept ("area.topic.slug") -> name."""
    declared_at: Mapping[str, tuple[Path, int]]
    """Concept -> the file and line that name it."""
    entries: tuple[Entry, ...]
    """In the order of their ids."""
    faults: tuple[Fault, ...]


def files_of(folder: Path) -> dict[Path, bytes]:
    """The bytes of every file that a bank is made of, in a stable order. Raises RolecallError without a folder."""
    if not (folder / "topics.yaml").is_file():
        raise RolecallError(
            f"There is no content in {folder.name}: topics.yaml is missing. Give a folder that holds topics.yaml, "
            "concepts/ and problems/, or a single problem file."
        )
    found = [folder / "topics.yaml"]
    for part in ("concepts", "problems"):
        found += sorted(p for p in (folder / part).rglob("*") if p.is_file() and not hidden(p.relative_to(folder)))
    return {path: path.read_bytes() for path in found}


def hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts) or path.name.endswith("~")


def read_bank(folder: Path, files: Mapping[Path, bytes]) -> Bank:
    """The bank of these files, with all faults of structure at once."""
    faults: list[Fault] = []
    areas, topics = read_topics(folder / "topics.yaml", files, faults)
    concepts: dict[str, str] = {}
    declared_at: dict[str, tuple[Path, int]] = {}
    entries: list[Entry] = []
    for path, raw in files.items():
        if path.is_relative_to(folder / "concepts"):
            for concept, (name, line) in _concepts(path, raw, topics, faults).items():
                concepts[concept], declared_at[concept] = name, (path, line)
    for path, raw in files.items():
        if not path.is_relative_to(folder / "problems"):
            continue
        way = path.relative_to(folder / "problems")
        if len(way.parts) != 2 or path.suffix != ".yaml":
            faults.append(
                Fault(
                    path,
                    1,
                    "file",
                    "is not in the place of a problem",
                    "move it to problems/<area>.<topic>/<name>.yaml",
                )
            )
            continue
        entry = read_entry(path, raw, topics, concepts, faults, expected_id=f"{way.parts[0]}.{path.stem}")
        if entry:
            entries.append(entry)
    entries.sort(key=lambda entry: entry.problem.id)
    return Bank(folder, areas, topics, concepts, declared_at, tuple(entries), tuple(sorted(faults)))


def read_entry(
    path: Path,
    raw: bytes,
    topics: Mapping[str, str],
    concepts: Mapping[str, str],
    faults: list[Fault],
    expected_id: str | None,
) -> Entry | None:
    """A problem file; None where it has not the shape of one. Adds what is wrong to `faults`."""
    before = len(faults)
    document, unreadable = read(path, raw)
    faults += unreadable
    if document is None:
        return None
    if not isinstance(document.data, dict):
        faults.append(
            Fault(path, 1, "file", "is not a problem", "write `name: value` lines, beginning with `schema: 1`")
        )
        return None
    try:
        problem = Problem.model_validate(document.data)
    except ValidationError as error:
        faults += faults_of(document, error, Problem)
        return None
    findings = [
        *_identity(problem, expected_id),
        *_criterion_ids(problem),
        *_taxonomy(problem, topics, concepts),
        *_references(problem),
    ]
    faults += [document.found(finding) for finding in findings]
    return Entry(document, problem, sound=len(faults) == before)


def _identity(problem: Problem, expected_id: str | None) -> Iterator[Finding]:
    if expected_id is not None and problem.id != expected_id:
        yield Finding(
            "id", f"“{problem.id}” does not match the file's place", f"write `id: {expected_id}`, or move the file"
        )
    if not problem.id.startswith(problem.topic + "."):
        topic = problem.id.rpartition(".")[0]
        yield Finding(
            "tags.topics", f"the main topic is {problem.topic}, the id begins with {topic}", f"put {topic} first"
        )


def _criterion_ids(problem: Problem) -> Iterator[Finding]:
    for n, criterion in enumerate(problem.criteria, 1):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", criterion.id):
            remedy = f"use lower-case letters, digits and underscores, as in c{n}"
            yield Finding(f"criteria.{n}.id", f"“{criterion.id}” is not an id of this kind", remedy)


def _taxonomy(problem: Problem, topics: Mapping[str, str], concepts: Mapping[str, str]) -> Iterator[Finding]:
    for topic in problem.tags.topics:
        if topic not in topics:
            yield Finding("tags.topics", f"there is no topic “{topic}” in topics.yaml", one_of(topic, list(topics)))
    for concept in problem.concepts:
        if concept not in concepts:
            area = concept.partition(".")[0]
            near = [known for known in concepts if known.partition(".")[0] == area]
            hint = f" ({one_of(concept, near)})" if near else ""
            yield Finding(
                "concepts",
                f"there is no concept “{concept}” in content/concepts",
                f"add `{concept}: its name` to concepts/{area}.yaml, or use an existing one{hint}",
            )


def _references(problem: Problem) -> Iterator[Finding]:
    """Every id that is mentioned exists."""
    criteria = [c.id for c in problem.criteria]
    mistakes = [m.id for m in problem.misconceptions]
    variants = ["v1", *(v.id for v in problem.variants)]
    used = [
        *((f"hints.{n}.reveals", h.reveals) for n, h in enumerate(problem.hints, 1)),
        *((f"recall.{n}.criteria", r.criteria) for n, r in enumerate(problem.recall, 1)),
        *((f"exemplars.{e.id}.met", e.met) for e in problem.exemplars),
        *((f"exemplars.{e.id}.partly", e.partly) for e in problem.exemplars),
        ("bands.strong_hire.all", problem.bands.strong_hire.all),
        ("bands.lean_hire.all", problem.bands.lean_hire.all),
        *((f"follow_ups.{n}.when_missing", (f.when_missing,)) for n, f in enumerate(problem.follow_ups, 1)),
    ]
    for field, ids in used:
        for name in ids:
            if name not in criteria:
                yield Finding(field, f"there is no criterion “{name}”", one_of(name, list(criteria)))
    for exemplar in problem.exemplars:
        for mistake in exemplar.misconceptions:
            if mistake not in mistakes:
                yield Finding(
                    f"exemplars.{exemplar.id}.misconceptions",
                    f"there is no misconception “{mistake}”",
                    one_of(mistake, list(mistakes)) if mistakes else "add it under `misconceptions`",
                )
        if exemplar.variant not in variants:
            yield Finding(
                f"exemplars.{exemplar.id}.variant",
                f"there is no variant “{exemplar.variant}”",
                one_of(exemplar.variant, variants),
            )
    named = [
        *((f"criteria.{c.id}.concept", c.concept) for c in problem.criteria),
        *((f"recall.{n}.concept", r.concept) for n, r in enumerate(problem.recall, 1)),
    ]
    for field, concept in named:
        if concept not in problem.concepts:
            yield Finding(
                field, f"“{concept}” is not among this problem's `concepts`", one_of(concept, list(problem.concepts))
            )


def read_topics(path: Path, files: Mapping[Path, bytes], faults: list[Fault]) -> tuple[dict[str, str], dict[str, str]]:
    document, unreadable = read(path, files[path])
    faults += unreadable
    areas: dict[str, str] = {}
    topics: dict[str, str] = {}
    if document is None:
        return areas, topics
    data = document.data if isinstance(document.data, dict) else {}
    if not data:
        faults.append(document.fault((), "holds no areas", "write `area: {name: Its name, topics: {topic: Its name}}`"))
    for area, about in data.items():
        leaves = about.get("topics") if isinstance(about, dict) else None
        if not isinstance(leaves, dict) or not isinstance(about.get("name"), str):
            faults.append(
                document.fault(
                    (area,), "has no name or no topics", "write `{name: Its name, topics: {topic: Its name}}`"
                )
            )
            continue
        areas[area] = about["name"]
        for topic, name in leaves.items():
            if not isinstance(name, str):
                faults.append(
                    document.fault((area, "topics", topic), f"`{short(name)}` is not a name", "put it in quotes")
                )
                continue
            topics[f"{area}.{topic}"] = name
    return areas, topics


def _concepts(path: Path, raw: bytes, topics: Mapping[str, str], faults: list[Fault]) -> dict[str, tuple[str, int]]:
    document, unreadable = read(path, raw)
    faults += unreadable
    if document is None:
        return {}
    if not isinstance(document.data, dict):
        faults.append(
            document.fault((), "holds no concepts", "write lines such as `llm.rag.chunking: Chunking documents`")
        )
        return {}
    area = path.stem
    declared: dict[str, tuple[str, int]] = {}
    for concept, name in document.data.items():
        topic, _, slug = concept.rpartition(".")
        line = document.line((concept,))
        if path.suffix != ".yaml" or not concept.startswith(area + "."):
            own = f"concepts/{concept.partition('.')[0]}.yaml"
            faults.append(Fault(path, line, concept, f"is in the wrong file ({path.name})", f"move the line to {own}"))
        if topic not in topics:
            faults.append(Fault(path, line, concept, f"there is no topic “{topic}”", one_of(topic, list(topics))))
        elif not (slug.isascii() and slug.replace("_", "").isalnum() and slug == slug.lower()):
            remedy = "use lower-case letters, digits and underscores, as in llm.rag.chunking"
            faults.append(Fault(path, line, concept, f"“{slug}” is not the last part of an id", remedy))
        if not isinstance(name, str) or not name.strip():
            faults.append(
                Fault(
                    path,
                    line,
                    concept,
                    "has no name" if name is None else f"`{short(name)}` is not a name",
                    "write a short name, in quotes",
                )
            )
        elif len(name) > CONCEPT_NAME:
            problem = f"the name has {len(name)} characters, at most {CONCEPT_NAME} are allowed"
            faults.append(Fault(path, line, concept, problem, "shorten it to a noun phrase"))
        declared[concept] = str(name), line
    return declared


def warm_up_faults(bank: Bank) -> list[Fault]:
    """Exactly one live problem is the warm-up; a file that could not be read may be it."""
    chosen = [e for e in bank.entries if e.problem.status == "live" and e.problem.tags.warm_up]
    entered = {e.document.file for e in bank.entries}
    unread = any(f.file not in entered and f.file.is_relative_to(bank.folder / "problems") for f in bank.faults)
    if not chosen and unread:
        return []
    if not chosen:
        return [
            Fault(
                bank.folder / "problems",
                1,
                "tags.warm_up",
                "no live problem is the warm-up",
                "write `warm_up: true` under the tags of the one that a newcomer is asked first",
            )
        ]
    return [
        e.document.found(
            Finding(
                "tags.warm_up", f"{chosen[0].problem.id} is the warm-up already", "leave `warm_up` out of one of them"
            )
        )
        for e in chosen[1:]
    ]
