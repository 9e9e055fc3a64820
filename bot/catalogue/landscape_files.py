"""The files of a content folder -> the landscape of roles, or everything that keeps them from being one.

Structure only: what a running Rolecall relies on. Whether the files fit each other is asked of
`landscape_references`; whether they are good is `landscape_lint`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.catalogue.asking import Matching, Questionnaire, SelfAssessment
from bot.catalogue.bank import hidden, read_topics
from bot.catalogue.fault import Fault, one_of
from bot.catalogue.guidance import Frameworks, Mistakes, Page, Programme, Roadmap
from bot.catalogue.landscape import Landscape
from bot.catalogue.landscape_pieces import Piece, Pieces
from bot.catalogue.landscape_references import reference_faults
from bot.catalogue.market import Figures, Market, Salaries
from bot.catalogue.problem import Name
from bot.catalogue.reading import read
from bot.catalogue.records import Publication
from bot.catalogue.role import Contrasts, EmergingRoles, Postings, RoleGuide
from bot.catalogue.wording import faults_of
from bot.model import Role

T = TypeVar("T")

SINGLE: Mapping[str, Any] = {
    "sources.yaml": dict[Name, Publication],
    "contrasts.yaml": Contrasts,
    "emerging.yaml": EmergingRoles,
    "matching.yaml": Matching,
    "questionnaire.yaml": Questionnaire,
    "self_assessment.yaml": SelfAssessment,
    "salaries.yaml": Salaries,
    "market.yaml": Market,
    "figures.yaml": Figures,
    "frameworks.yaml": Frameworks,
    "mistakes.yaml": Mistakes,
    "roadmap.yaml": Roadmap,
    "programmes/role_landscape.yaml": Programme,
    "postings.yaml": Postings,
}
"""File -> the type of what it holds. Every one of them is needed."""
MANY: Mapping[str, Any] = {"roles": RoleGuide, "pages": Page}
"""Folder -> the type of what each of its files holds."""


def landscape_files(folder: Path) -> dict[Path, bytes]:
    """The bytes of every file that a landscape is made of, and of the topics that it names, in a stable order."""
    found = [path for name in ("topics.yaml", *SINGLE) if (path := folder / name).is_file()]
    for part in ("programmes", *MANY):
        inside = (p for p in (folder / part).rglob("*") if p.is_file() and not hidden(p.relative_to(folder)))
        found += sorted(p for p in inside if p not in found)
    return {path: path.read_bytes() for path in found}


def read_landscape(folder: Path, files: Mapping[Path, bytes]) -> tuple[Landscape | None, list[Fault]]:
    """The landscape of these files; None where there is any fault of structure. All faults come at once."""
    pieces, faults = read_pieces(folder, files)
    return (None if faults else _landscape(pieces)), faults


def read_pieces(folder: Path, files: Mapping[Path, bytes]) -> tuple[Pieces, list[Fault]]:
    """The files that have their shape, and all faults of structure."""
    faults: list[Fault] = []
    single: dict[str, Piece[Any] | None] = {}
    for name, root in SINGLE.items():
        path = folder / name
        if path in files:
            single[Path(name).stem] = _piece(path, files[path], root, faults)
        else:
            single[Path(name).stem] = None
            faults.append(Fault(path, 1, "file", "is missing", "write it, or restore it from version control"))
    several: dict[str, list[Piece[Any]]] = {part: [] for part in MANY}
    misshapen = False
    for path, raw in files.items():
        if not path.is_relative_to(folder):
            continue
        part, name = path.relative_to(folder).parts[0], path.relative_to(folder).as_posix()
        if part in ("programmes", *MANY) and name not in SINGLE and (fault := _misplaced(folder, path)):
            faults.append(fault)
        elif part in MANY:
            piece = _piece(path, raw, MANY[part], faults)
            misshapen = misshapen or piece is None
            several[part] += [piece] if piece else []
    single["programme"] = single.pop("role_landscape")
    areas: Mapping[str, str] = {}
    topics: Mapping[str, str] = {}
    if (path := folder / "topics.yaml") in files:
        areas, topics = read_topics(path, files, [])
    pieces = Pieces(
        **single,
        roles=tuple(several["roles"]),
        pages=tuple(several["pages"]),
        topics={**areas, **topics},
        whole=not misshapen,
    )
    faults += reference_faults(folder, pieces)
    return pieces, sorted(set(faults))


def _misplaced(folder: Path, path: Path) -> Fault | None:
    """The fault of a file that would never be read."""
    part, *rest = path.relative_to(folder).parts
    if part == "programmes":
        return Fault(path, 1, "file", "is not read", "the ladder of days is programmes/role_landscape.yaml")
    if len(rest) != 1 or path.suffix != ".yaml":
        one = {"roles": "role", "pages": "page"}[part]
        return Fault(path, 1, "file", f"is not in the place of a {one}", f"move it to {part}/<{one}>.yaml")
    if part == "roles" and path.stem not in list(Role):
        remedy = one_of(path.stem, [str(role) for role in Role])
        return Fault(path, 1, "file", f"“{path.stem}” is not one of the six roles", remedy)
    return None


def _piece(path: Path, raw: bytes, root: Any, faults: list[Fault]) -> Piece[Any] | None:
    """A file as its type; None where it has not the shape of one. Adds what is wrong to `faults`."""
    document, unreadable = read(path, raw)
    faults += unreadable
    if document is None:
        return None
    if not isinstance(document.data, dict):
        remedy = "write `name: value` lines" + (", beginning with `schema: 1`" if path.name != "sources.yaml" else "")
        faults.append(Fault(path, 1, "file", "holds no fields", remedy))
        return None
    try:
        return Piece(document, TypeAdapter(root).validate_python(document.data))
    except ValidationError as error:
        faults += faults_of(document, error, root)
        return None


def _landscape(pieces: Pieces) -> Landscape:
    """The landscape of pieces that are all there and fit each other."""

    def given(piece: Piece[T] | None) -> T:
        assert piece is not None
        return piece.value

    return Landscape(
        sources=given(pieces.sources),
        roles={role: guide.value for role in Role for guide in pieces.roles if guide.value.role is role},
        contrasts=given(pieces.contrasts).contrasts,
        emerging=given(pieces.emerging).roles,
        matching=given(pieces.matching),
        questionnaire=given(pieces.questionnaire),
        self_assessment=given(pieces.self_assessment),
        salaries=given(pieces.salaries),
        market=given(pieces.market),
        figures={figure.id: figure for figure in given(pieces.figures).figures},
        frameworks=given(pieces.frameworks).frameworks,
        mistakes=given(pieces.mistakes).mistakes,
        roadmap=given(pieces.roadmap).steps,
        programme=given(pieces.programme),
        postings=given(pieces.postings),
        pages={page.value.id: page.value for page in pieces.pages},
    )
