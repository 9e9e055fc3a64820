"""Everything that is wrong with a content folder or one of its files, at once. The grader's view: see bot.cli.check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from bot.catalogue.bank import Bank, Entry, files_of, read_bank, read_entry, warm_up_faults
from bot.catalogue.copying import Runs, nothing_copied
from bot.catalogue.facts import calculations_are_right, facts_are_fresh, numbers_have_facts
from bot.catalogue.fault import Fault, Finding
from bot.catalogue.landscape_files import MANY, SINGLE, landscape_files, read_pieces
from bot.catalogue.landscape_lint import landscape_faults
from bot.catalogue.lint import lint
from bot.catalogue.loading import content_folder
from bot.catalogue.lock import lock_faults, read_lock, vanished
from bot.errors import RolecallError

LINTED = ("review", "live")
"""A draft has to have the right shape only, and a retired problem is not asked any more."""


@dataclass(frozen=True)
class Checked:
    """What was looked at, and what is wrong with it."""

    bank: Bank
    faults: tuple[Fault, ...]
    """By file and line; warnings among them."""
    whole: bool
    """A content folder, not a single file."""
    counts: Mapping[str, int] = field(default_factory=lambda: {"problem": 1})
    """Kind of file -> how many were looked at."""

    @property
    def sound(self) -> tuple[Entry, ...]:
        """The problems that are, or are about to be, live, and whose structure is right."""
        return tuple(entry for entry in self.bank.entries if entry.sound and entry.problem.status in LINTED)


def check(path: Path, today: date, against: Runs | None = None) -> Checked:
    """The faults of a content folder or of one of its files, the lock's aside (see `locked`).

    Raises RolecallError where there is neither.
    """
    counts = {"problem": 1}
    if path.is_dir():
        bank = read_bank(path, files_of(path))
        faults = [*bank.faults, *warm_up_faults(bank), *_unused_concepts(bank)]
        counts = {"problem": len(bank.entries)}
        if (path / "roles").is_dir():
            pieces, misfits = read_pieces(path, landscape_files(path))
            faults += [*misfits, *landscape_faults(pieces, today, against)]
            counts |= {"role": len(pieces.roles), "page": len(pieces.pages)}
    elif not path.is_file():
        raise RolecallError(f"There is no {path}. Give a content folder, or a problem file.")
    elif name := _landscape_name(path.resolve()):
        return _one_of_landscape(path.resolve(), name, today, against)
    else:
        bank = _one(path)
        faults = list(bank.faults)
    for entry in bank.entries:
        if entry.sound and entry.problem.status in LINTED:
            faults += (entry.document.found(finding) for finding in findings(entry, today, against))
    return Checked(bank, tuple(sorted(set(faults))), path.is_dir(), counts)


def findings(entry: Entry, today: date, against: Runs | None = None) -> Iterator[Finding]:
    """What every rule says of one problem, the lock's aside."""
    problem = entry.problem
    yield from lint(problem)
    yield from numbers_have_facts(problem)
    yield from calculations_are_right(problem)
    yield from facts_are_fresh(problem, today)
    if against is not None:
        yield from nothing_copied(problem, against)


def _one(path: Path) -> Bank:
    """The bank of a single problem: topics and concepts come from the content folder around it, or the shipped one."""
    path = path.resolve()
    around = _around(path)
    folder = around or content_folder()
    inside = around is not None and path.is_relative_to(around / "problems")
    others = {file: raw for file, raw in files_of(folder).items() if not file.is_relative_to(folder / "problems")}
    bank = read_bank(folder, others)
    faults: list[Fault] = []
    expected = f"{path.parent.name}.{path.stem}" if inside else None
    entry = read_entry(path, path.read_bytes(), bank.topics, bank.concepts, faults, expected_id=expected)
    return replace(bank, entries=(entry,) if entry else (), faults=tuple(faults))


def _around(path: Path) -> Path | None:
    """The content folder that a file lies in."""
    return next((folder for folder in path.parents if (folder / "topics.yaml").is_file()), None)


def _landscape_name(path: Path) -> Path | None:
    """Where in a content folder a file about roles stands, such as roles/mle.yaml; None for a problem."""
    around = _around(path)
    name = path.relative_to(around) if around else Path(path.parent.name) / path.name
    return name if name.as_posix() in SINGLE or name.parts[0] in MANY else None


def _one_of_landscape(path: Path, name: Path, today: date, against: Runs | None) -> Checked:
    """A single file about roles, beside the other files of its content folder, or of the shipped one."""
    around = _around(path)
    folder = around if around and (around / "roles").is_dir() else content_folder()
    place = folder / name
    pieces, faults = read_pieces(folder, landscape_files(folder) | {place: path.read_bytes()})
    faults += landscape_faults(pieces, today, against)
    own = {replace(fault, file=path) for fault in faults if fault.file == place}
    kind = {"roles": "role", "pages": "page"}.get(name.parts[0], "file")
    return Checked(Bank(folder, {}, {}, {}, {}, (), ()), tuple(sorted(own)), whole=False, counts={kind: 1})


def locked(checked: Checked) -> list[Fault]:
    """Where the lock and the problems differ. For a single problem a missing lock is no fault."""
    bank, lock = checked.bank, read_lock(checked.bank.folder)
    if isinstance(lock, Fault):
        return [lock] if checked.whole else []
    inside = [entry for entry in bank.entries if entry.document.file.is_relative_to(bank.folder)]
    return [*lock_faults(inside, lock), *(vanished(bank, lock) if checked.whole else ())]


def _unused_concepts(bank: Bank) -> Iterator[Fault]:
    used = {concept for entry in bank.entries for concept in entry.problem.concepts}
    broken = {fault.file for fault in bank.faults}
    if any(file.is_relative_to(bank.folder / "problems") for file in broken):
        return
    for concept, (file, line) in bank.declared_at.items():
        if concept not in used:
            yield Fault(
                file, line, concept, "no problem has this concept", "take the line out, or write one", warning=True
            )
