"""How a list of people is read: CSV as spreadsheets write it, and what is wrong with it line by line. Pure.

Who is in a cohort already, and what follows from a line, is not its business.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.cohort_model import Office
from bot.errors import RolecallError
from bot.model import Account

LINES = 20_000
"""The most that are read of one list."""
_NAMES: Mapping[str, tuple[str, ...]] = {
    "platform": ("platform", "service", "chat", "network"),
    "user_id": ("user_id", "userid", "user", "id", "member_id", "memberid", "account"),
    "tenant": ("tenant", "team", "team_id", "workspace", "workspace_id"),
    "role": ("role", "office"),
}
"""By the column, what its header may be called; case, spaces and hyphens do not matter."""
_NEEDED = ("platform", "user_id")
_WRITTEN = "platform,user_id,tenant,role"
_IDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "slack": (re.compile(r"[UW][A-Z0-9]{5,20}"), "a Slack user id, such as U02AB3CD4"),
    "discord": (
        re.compile(r"[0-9]{15,20}"),
        "a Discord user id, 15 to 20 figures; a spreadsheet has to keep it as text",
    ),
    "terminal": (
        re.compile(r"[^\s\x00-\x1f\x7f\u200b-\u202e\ud800-\udfff]{1,64}"),
        "a name without spaces, of at most 64 characters",
    ),
}
"""By platform: what a user id looks like there."""
_TEAM = re.compile(r"[TE][A-Z0-9]{5,20}")
_ROLES: Mapping[str, Office] = {
    "": Office.LEARNER,
    "member": Office.LEARNER,
    "student": Office.LEARNER,
    "admin": Office.ORGANISER,
    "organizer": Office.ORGANISER,
    **{o.value: o for o in Office},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that names somebody."""

    line: int
    account: Account
    office: Office


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be used."""

    line: int
    why: str


def text_of(raw: bytes) -> str:
    """The text of a file as spreadsheets save it, UTF-8 or UTF-16, with or without a byte order mark."""
    try:
        return raw.decode("utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError:
        raise RolecallError("That file is no text that I can read. Save it as CSV in UTF-8.") from None


def read(text: str, tenants: Mapping[str, str]) -> list[Entry | Fault]:
    """Every line of a list that is not blank, in order; who is on it twice counts once.

    `tenants`: by platform, the workspace that is meant where a line names none. Raises RolecallError where the
    header does not name what is needed, or there are too many lines.
    """
    rows = _rows(text.removeprefix("\ufeff"))
    head = next(rows, None)
    if head is None or not isinstance(head[1], list):
        raise RolecallError(f"The list is empty. Its first line names its columns: {_WRITTEN}.")
    columns = _columns(head[1])
    found: list[Entry | Fault] = []
    first: dict[Account, int] = {}
    for line, cells in rows:
        if len(found) == LINES:
            raise RolecallError(f"The list has more than {LINES} lines. Split it, please.")
        one = _entry(line, cells, columns, tenants) if isinstance(cells, list) else Fault(line, cells)
        if isinstance(one, Entry) and (before := first.setdefault(one.account, line)) != line:
            one = Fault(line, f"the same person as in line {before}")
        found.append(one)
    if not found:
        raise RolecallError("The list has a header and nobody below it. Write one person a line.")
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """The number of each line that is not blank, and its cells or what is wrong with it.

    Each line stands for itself: a quotation mark that is not closed spoils one, not all that follow.
    """
    lines = re.split(r"\r\n|\r|\n", text)
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    for number, line in enumerate(lines, 1):
        try:
            cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True), [])
        except csv.Error:
            yield number, "it cannot be read: look for a quotation mark that is not closed"
            continue
        if any(cell.strip() for cell in cells):
            yield number, [" ".join(cell.split()) for cell in cells]


def _columns(head: list[str]) -> dict[str, int]:
    """Where each column stands. Raises RolecallError that says what was found and what is needed."""
    said = [re.sub(r"[\s-]+", "_", cell.lower()) for cell in head]
    columns = {name: at for name, others in _NAMES.items() for at in [_first(said, others)] if at is not None}
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        seen = ", ".join(cell[:20] or "(empty)" for cell in head[:8])
        raise RolecallError(
            f"The first line names no column {' and no column '.join(missing)}; I found: {seen}. Write it like "
            f"{_WRITTEN}, where tenant and role may be left out."
        )
    return columns


def _first(said: list[str], names: tuple[str, ...]) -> int | None:
    return next((said.index(name) for name in names if name in said), None)


def _entry(line: int, cells: list[str], columns: Mapping[str, int], tenants: Mapping[str, str]) -> Entry | Fault:
    def cell(name: str) -> str:
        at = columns.get(name, len(cells))
        return cells[at] if at < len(cells) else ""

    role = cell("role").lower()
    found = account(cell("platform"), cell("user_id"), cell("tenant"), tenants)
    if isinstance(found, str):
        return Fault(line, found)
    if role not in _ROLES:
        return Fault(line, f"“{role[:20]}” is none of learner, mentor and organiser")
    return Entry(line, found, _ROLES[role])


def account(platform: str, id: str, tenant: str, tenants: Mapping[str, str]) -> Account | str:
    """The account that is meant, or why it is none; ids may be mentions such as <@U02AB3CD4>.

    `tenants`: by platform, the workspace that is meant where none is named.
    """
    platform = platform.lower()
    if platform not in _IDS:
        return f"“{platform[:20]}” is none of {', '.join(_IDS)}"
    id = re.sub(r"^<@!?|(\|[^>]*)?>$", "", id)
    id = {"slack": id.upper(), "terminal": id.casefold()}.get(platform, id)
    shape, example = _IDS[platform]
    if not shape.fullmatch(id):
        return f"“{id[:30]}” is not {example}" if id else f"no user id: it wants {example}"
    if platform != "slack":
        return Account(platform, "", id)  # a person is the same everywhere there
    tenant = tenant.upper() or tenants.get("slack", "")
    if not _TEAM.fullmatch(tenant):
        return "the column tenant has to name the Slack team, such as T02AB3CD4"
    return Account(platform, tenant, id)
