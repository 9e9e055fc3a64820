"""content/ -> the catalogue that a running Rolecall reads. Parsed once, then kept in a cache file until a byte changes.

The cache is JSON in the user's cache folder. A missing, foreign or broken one is ignored; one that cannot be
written is done without.
"""

from __future__ import annotations

import gc
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ValidationError

from bot.catalogue.landscape import Landscape
from bot.catalogue.problem import Problem
from bot.errors import RolecallError
from bot.model import ConceptId, ProblemId


@dataclass(frozen=True)
class Catalogue:
    """Everything a member can be asked or told. Nothing in it ever changes."""

    problems: Mapping[ProblemId, Problem]
    """The live ones, in the order of their ids."""
    concepts: Mapping[ConceptId, str]
    """Concept -> its name."""
    topics: Mapping[str, str]
    """Topic ("llm.rag") -> its name."""
    areas: Mapping[str, str]
    """Area ("llm") -> its name."""
    warm_up: Problem
    """The first thing a newcomer is asked."""
    by_concept: Mapping[ConceptId, tuple[Problem, ...]]
    """Concept -> the live problems that practise it."""
    landscape: Landscape
    """What is known about the roles."""

    def problems_for(self, concept: ConceptId) -> tuple[Problem, ...]:
        """The live problems that practise a concept, in the order of their ids; none for an unknown one."""
        return self.by_concept.get(concept, ())

    def topic_of(self, concept: ConceptId) -> str:
        """The topic of a concept: "llm.rag" for "llm.rag.chunking"."""
        return concept.rpartition(".")[0]


class _Kept(BaseModel):
    """What the cache file holds, apart from its key."""

    areas: dict[str, str]
    topics: dict[str, str]
    concepts: dict[ConceptId, str]
    problems: tuple[Problem, ...]
    landscape: Landscape


def content_folder() -> Path:
    """The content that came with the program: inside the package in a wheel, where it stands in a checkout."""
    packed = Path(__file__).parents[1] / "content"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "content"


def load(folder: Path | None = None, *, cache: Path | None = None) -> Catalogue:
    """The catalogue of a content folder (default: the shipped one); `cache` is a folder (default: the user's).

    A folder without roles/ is one of problems only, and takes the role knowledge that ships.
    Raises RolecallError that names the first fault of structure, counts them and says how to see all.
    """
    from bot.catalogue.bank import files_of
    from bot.catalogue.landscape_files import landscape_files

    folder = folder or content_folder()
    files = files_of(folder) | landscape_files(_with_roles(folder))
    key = _key(folder, files)
    file = (
        cache or _cache_folder()
    ) / f"content-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]}.json"
    kept = _read(file, key)
    if kept is None:
        kept = _parse(folder, files)
        _write(file, key, kept)
    return _catalogue(kept)


def _with_roles(folder: Path) -> Path:
    """The content folder whose role knowledge is used for a content folder."""
    return folder if (folder / "roles").is_dir() else content_folder()


def _catalogue(kept: _Kept) -> Catalogue:
    by_concept: dict[ConceptId, tuple[Problem, ...]] = {}
    for problem in kept.problems:
        for concept in problem.concepts:
            by_concept[concept] = (*by_concept.get(concept, ()), problem)
    return Catalogue(
        problems=MappingProxyType({p.id: p for p in kept.problems}),
        concepts=MappingProxyType(kept.concepts),
        topics=MappingProxyType(kept.topics),
        areas=MappingProxyType(kept.areas),
        warm_up=next(p for p in kept.problems if p.tags.warm_up),
        by_concept=MappingProxyType(by_concept),
        landscape=kept.landscape,
    )


def _parse(folder: Path, files: Mapping[Path, bytes]) -> _Kept:
    from bot.catalogue.bank import read_bank, warm_up_faults
    from bot.catalogue.landscape_files import read_landscape

    bank = read_bank(folder, files)
    source = _with_roles(folder)
    landscape, misfits = read_landscape(source, files)
    faults = [*bank.faults, *warm_up_faults(bank), *misfits]
    if landscape is None or faults:
        first = faults[0]
        within = folder if first.file.is_relative_to(folder) else source
        place = f"{first.file.relative_to(within).as_posix()}:{first.line}: {first.field}: {first.problem}"
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults, the first is"
        remedy = first.remedy if first.remedy.endswith("?") else f"{first.remedy}."
        raise RolecallError(
            f"The content has {count}: {place}: {remedy} `rolecall check content` lists every fault with its remedy."
        )
    live = tuple(entry.problem for entry in bank.entries if entry.problem.status == "live")
    return _Kept(areas=bank.areas, topics=bank.topics, concepts=bank.concepts, problems=live, landscape=landscape)


def _key(folder: Path, files: Mapping[Path, bytes]) -> str:
    """A hash of all content and of the code that reads it, so that an upgrade never meets an old cache."""
    digest = hashlib.sha256()
    code = {path: path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))}
    for path, raw in (*code.items(), *files.items()):
        name = path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)
        digest.update(f"{name.as_posix()}\0{len(raw)}\0".encode())
        digest.update(raw)
    return digest.hexdigest()


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("rolecall", appauthor=False)


def _read(file: Path, key: str) -> _Kept | None:
    try:
        head, _, body = file.read_bytes().partition(b"\n")
        if head != f'"{key}"'.encode():
            return None
        with _no_collection():
            return _Kept.model_validate_json(body)
    except (OSError, ValidationError):
        return None


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pauses the garbage collector: nothing that is made here becomes garbage, and looking for it doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write(file: Path, key: str, kept: _Kept) -> None:
    """Two lines of JSON, the key and the content; moved into place whole, so that no reader meets half a file."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.stem, suffix=".tmp")
    except OSError:
        return
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(f'"{key}"\n{kept.model_dump_json(by_alias=True, exclude_defaults=True)}\n')
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
