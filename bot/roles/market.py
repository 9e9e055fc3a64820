"""What roles are paid and where they are wanted, in messages, record by record. Takes the landscape, looks nothing up.

Records are shown side by side and never averaged: base and total pay, a country and a city, measure different things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.catalogue.landscape import Landscape
from bot.catalogue.market import Industry, MarketNote, Pay, PayPlace, Sector
from bot.door.intents import About, Market, Salary
from bot.door.messages import Block, Bullets, Button, Facts, Message, Spans, bold, heading, note, paragraph, spans
from bot.model import Role
from bot.roles.citing import amount, cited, is_stale, source, sourced
from bot.roles.reading import page_button

NATIONAL = "us"
DEMAND = {"very_high": "Very high", "high": "High", "medium": "Medium", "low": "Low"}
"""Highest first."""
MEASURES = {
    "base": "Base pay a year",
    "total": "Total pay a year (base, shares and bonus): not comparable with base",
}
UNKNOWN = (
    "To find out: ask recruiters there for the range before the first interview, look at adverts from places whose law "
    "demands a range, and compare base with base. A national figure is no figure for a city."
)
OLD = "More than a year old: pay has moved since, so ask for newer figures."


# --- pay


def salary(known: Landscape, of: Role, place: PayPlace | None, now: datetime) -> Message:
    """Every record of a role's pay, for a place or the country as a whole."""
    mine = [p for p in known.salaries.pay if p.role is of]
    country = _place(known, NATIONAL)
    where = place or country
    here = [p for p in mine if p.place == where.id]
    elsewhere = {p.place for p in mine} - {where.id}
    records = _records(known, here, now)
    if not here:
        records.append(paragraph(f"No source I know says what {_people(of)} are paid in {where.name}. {UNKNOWN}"))
        others = [p for p in mine if p.place == country.id]
        if others:
            records += [heading(f"What is known: {country.name}"), *_records(known, others, now)]
    return Message(
        summary=f"Pay: {of.label}",
        title=f"{of.label}: pay, {where.name}",
        blocks=(
            *records,
            note("One line a record, as its source gave it; none is averaged with another."),
        ),
        buttons=(
            *(Button(p.name, Salary(of, p.id)) for p in known.salaries.places if p.id in elsewhere),
            Button("How to read pay", About("pay_notes")),
            *page_button(known, "salary"),
        ),
    )


def _people(of: Role) -> str:
    return of.label[0].lower() + of.label[1:] + "s" if of.label[1].islower() else of.label + "s"


def _place(known: Landscape, id: str) -> PayPlace:
    return next(p for p in known.salaries.places if p.id == id)


def _records(known: Landscape, pay: Sequence[Pay], now: datetime) -> list[Block]:
    """Base first, total apart from it."""
    found: list[Block] = []
    for measure, name in MEASURES.items():
        lines = tuple(_record(known, p, now) for p in pay if p.measure == measure)
        if lines:
            found += [heading(name), Bullets(lines)]
    return found


def _record(known: Landscape, pay: Pay, now: datetime) -> Spans:
    place = _place(known, pay.place)
    living = f" (cost of living {place.cost_of_living:.1f} × the average)" if place.cost_of_living else ""
    remarks = [f"{pay.note}." if pay.note else "", OLD if is_stale(pay, now) else ""]
    said = " ".join(r for r in remarks if r)
    return spans(
        bold(amount(pay)),
        f" {pay.measure} · {pay.scope} · {place.name}{living} · {source(known, pay)}",
        *((f". {said[0].upper()}{said[1:]}",) if said else ()),
    )


# --- demand


def market(known: Landscape) -> Message:
    """The heat map, sector by sector, and what moves."""
    heat, trends = known.market.heatmap, known.market.trends
    return Message(
        summary="Which roles are wanted where",
        title="Which roles are wanted where",
        blocks=(
            Facts(tuple((s.name, spans(_ranked(known, s))) for s in known.market.sectors)),
            cited(known, heat),
            *(note(f"{s.name}: {s.note}") for s in known.market.sectors if s.note),
            heading("What moves"),
            *sourced(known, ((t, _note(t)) for t in trends)),
            *_section(known, "How the work differs", [c for c in known.market.contexts if not c.sectors]),
        ),
        buttons=_others(known, ""),
    )


def _ranked(known: Landscape, of: Sector) -> str:
    """A column of the heat map, highest demand first."""
    cells = known.market.heatmap.cells
    by_demand = {
        name: [r.label for r in Role if cells.get(r, {}).get(of.id) == demand] for demand, name in DEMAND.items()
    }
    return " · ".join(f"{name}: {', '.join(roles)}" for name, roles in by_demand.items() if roles)


def sector(known: Landscape, of: Sector) -> Message:
    """A column of the heat map, and what its companies and industries look for."""
    industries = [i for i in known.market.industries if i.sector == of.id]
    return _wanted(known, of.name, of, industries, known.market.companies)


def industry(known: Landscape, of: Industry) -> Message:
    """What an industry asks for beyond the role, and the sector it belongs to."""
    column = next((s for s in known.market.sectors if s.id == of.sector), None)
    return _wanted(known, of.name, column, [of], ())


def _wanted(
    known: Landscape, name: str, column: Sector | None, industries: Sequence[Industry], companies: Sequence[MarketNote]
) -> Message:
    found: list[Block] = []
    if column:
        if column.name != name:
            found.append(paragraph(f"The heat map counts it under {column.name}."))
        cells = known.market.heatmap.cells
        wanted = [(demand, r) for demand in DEMAND for r in Role if cells.get(r, {}).get(column.id) == demand]
        found += [
            Facts(tuple((r.label, spans(DEMAND[demand])) for demand, r in wanted)),
            cited(known, known.market.heatmap),
            *((paragraph(bold("Take care: "), column.note),) if column.note and column.name == name else ()),
        ]
    if industries:
        found += [heading("What the industry asks for"), *sourced(known, ((i, _industry(i)) for i in industries))]
    if column:
        for title, notes in (
            ("Companies", companies),
            ("How the work differs", known.market.contexts),
            ("What moves", known.market.trends),
        ):
            found += _section(known, title, [n for n in notes if column.id in n.sectors])
    return Message(
        summary=f"Demand: {name}",
        title=f"Demand: {name}",
        blocks=tuple(found),
        buttons=_others(known, name),
    )


def _industry(of: Industry) -> Spans:
    return spans(bold(of.name), f" – requirements: {of.requirement}; special knowledge: {of.knowledge}")


def _section(known: Landscape, title: str, notes: Sequence[MarketNote]) -> tuple[Block, ...]:
    return (heading(title), *sourced(known, ((n, _note(n)) for n in notes))) if notes else ()


def _note(of: MarketNote) -> Spans:
    return spans(bold(of.name), f" – {of.text}")


def _others(known: Landscape, shown: str) -> tuple[Button, ...]:
    market = known.market
    sectors = {s.id: s.name for s in market.sectors}
    names = sectors | {i.id: i.name for i in market.industries if i.id not in sectors}
    return (
        *(Button(name, Market(id)) for id, name in names.items() if name != shown),
        *((Button("All sectors", Market()),) if shown else ()),
        *page_button(known, "market_figures"),
    )


def examples(known: Landscape, now: datetime) -> Mapping[str, Message]:
    """One example of each message, for rendering tests."""
    places = {p.id: p for p in known.salaries.places}
    later = now.replace(year=now.year + 3)
    return {
        "role_salary": salary(known, Role.AI_ENGINEER, None, now),
        "role_salary_place": salary(known, Role.AI_ENGINEER, places["new_york"], now),
        "role_salary_unknown": salary(known, Role.MLOPS, places["boston"], now),
        "role_salary_old": salary(known, Role.MLE, None, later),
        "role_market": market(known),
        "role_market_sector": sector(known, next(s for s in known.market.sectors if s.note)),
        "role_market_industry": industry(known, next(i for i in known.market.industries if i.id == "automotive")),
    }
