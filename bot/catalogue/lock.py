"""content/lock.json: which content each version of a problem has, so that no verdict changes unnoticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.catalogue.bank import Bank, Entry
from bot.catalogue.fault import Fault
from bot.catalogue.problem import Problem

FIELDS = {"concepts", "prompt", "variants", "recall", "criteria", "misconceptions", "bands", "reference", "exemplars"}
"""What grading reads."""
LOCKED = ("live", "retired")
"""States in which a problem is, or was, served."""

_REMEDY = "run `rolecall check content --lock`"


class Lock(NamedTuple):
    version: int
    hash: str


def fingerprint(problem: Problem) -> str:
    """The hash of everything that can change a verdict; independent of layout, comments and the order of fields."""
    content = problem.model_dump(mode="json", include=FIELDS, exclude_defaults=True)
    for misconception in content.get("misconceptions", ()):
        misconception.pop("feedback", None)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def lock_file(folder: Path) -> Path:
    return folder / "lock.json"


def read_lock(folder: Path) -> dict[str, Lock] | Fault:
    """The lock of a content folder, by problem; the fault that keeps it from being read."""
    file = lock_file(folder)
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return {problem: Lock(int(entry["version"]), str(entry["hash"])) for problem, entry in data.items()}
    except FileNotFoundError:
        return Fault(file, 1, "lock", "there is no lock yet", f"{_REMEDY} once the problems are finished")
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Fault(file, 1, "lock", "cannot be read", f"restore it from version control, or delete it and {_REMEDY}")


def lock_faults(entries: Iterable[Entry], lock: Mapping[str, Lock]) -> Iterator[Fault]:
    """L01: a problem that changed has a new version, and the lock knows it."""
    for entry in entries:
        problem = entry.problem
        if problem.status not in LOCKED:
            continue
        place = entry.document.place("version")
        locked = lock.get(problem.id)
        if locked is None:
            yield entry.document.fault(place, "is not in lock.json yet", _REMEDY)
        elif problem.version < locked.version:
            yield entry.document.fault(place, f"was {locked.version} before", f"write `version: {locked.version + 1}`")
        elif problem.version == locked.version and fingerprint(problem) != locked.hash:
            yield entry.document.fault(
                place,
                f"is still {problem.version}, but the content that grading reads has changed",
                f"write `version: {problem.version + 1}`, then {_REMEDY}",
            )
        elif problem.version > locked.version:
            yield entry.document.fault(place, f"is {problem.version}, lock.json has {locked.version}", _REMEDY)


def vanished(bank: Bank, lock: Mapping[str, Lock]) -> Iterator[Fault]:
    """An id is never used again, so a problem that was live once stays, as retired."""
    files = {f"{path.parent.name}.{path.stem}" for path in (bank.folder / "problems").glob("*/*.yaml")}
    for problem in lock:
        if problem not in files:
            yield Fault(
                lock_file(bank.folder),
                1,
                problem,
                "is in the lock, but its file is gone",
                "restore the file with `status: retired`; if it was never published, delete its entry from lock.json",
            )


def write_lock(bank: Bank, old: Mapping[str, Lock]) -> int:
    """Write the lock with new and properly raised versions; how many entries changed."""
    new = dict(old)
    for entry in bank.entries:
        problem = entry.problem
        before = old.get(problem.id)
        if problem.status in LOCKED and (before is None or problem.version > before.version):
            new[problem.id] = Lock(problem.version, fingerprint(problem))
    data = {problem: new[problem]._asdict() for problem in sorted(new)}
    lock_file(bank.folder).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return sum(old.get(problem) != entry for problem, entry in new.items())
