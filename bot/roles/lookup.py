"""Answers to questions about the roles themselves: what is in the role files, for the role that was asked for."""

from __future__ import annotations

from collections.abc import Callable

from bot import vocabulary
from bot.catalogue import Catalogue
from bot.context import Context
from bot.door.intents import About, CompareRoles, Intent, Level, Loop, Market, Salary
from bot.door.messages import Message
from bot.door.naming import meant
from bot.model import Role, Round
from bot.roles import knowledge, reading
from bot.roles import market as facts
from bot.roles.paging import at, part


def about(ctx: Context, wish: About) -> Message:
    topic, number = at(wish.topic)
    known = ctx.bank.landscape
    topic = meant(topic, vocabulary.topics(known), "page or role") if topic else ""
    if topic == "pages":
        return reading.pages(known, number)
    message = reading.about(known, topic) if topic else reading.contents(known)
    return part(message, number, lambda n: About(f"{topic}:{n}"))


def compare(ctx: Context, wish: CompareRoles) -> Message:
    """Two roles; a missing one is the target role, or asked for."""
    first, number = at(wish.one)
    named = [r for typed in (first, wish.other) if (r := _named(ctx, typed))]
    if len(named) == 1 and ctx.member.role and ctx.member.role not in named:
        named.append(ctx.member.role)
    if not named and ctx.member.role:
        return knowledge.compare_with(ctx.member.role)
    if not named:
        return knowledge.which_role("Two roles are told apart here. Which is the first?", CompareRoles)
    if len(set(named)) == 1:
        return knowledge.compare_with(named[0])
    one, other = named
    return part(knowledge.compare(ctx.bank.landscape, one, other), number, lambda n: CompareRoles(f"{one}:{n}", other))


def loop(ctx: Context, wish: Loop) -> Message:
    def reply(of: Role) -> Message:
        return knowledge.loop(ctx.bank.landscape, of, practised(ctx.bank, of))

    return _of_role(ctx, wish.role, "Whose interviews do you want to see?", reply, Loop)


def level(ctx: Context, wish: Level) -> Message:
    def reply(of: Role) -> Message:
        return knowledge.level(ctx.bank.landscape, of)

    return _of_role(ctx, wish.role, "Whose levels do you want to see?", reply, Level)


def salary(ctx: Context, wish: Salary) -> Message:
    known = ctx.bank.landscape
    id = meant(wish.place, vocabulary.places(known), "place") if wish.place else ""
    place = next((p for p in known.salaries.places if p.id == id), None)

    def reply(of: Role) -> Message:
        return facts.salary(known, of, place, ctx.now)

    return _of_role(ctx, wish.role, "Whose pay do you want to see?", reply, lambda role: Salary(role, id))


def market(ctx: Context, wish: Market) -> Message:
    known = ctx.bank.landscape
    typed, number = at(wish.sector)
    id = meant(typed, vocabulary.sectors(known), "sector or industry") if typed else ""
    sector = next((s for s in known.market.sectors if s.id == id), None)
    industry = next((i for i in known.market.industries if i.id == id), None)
    if sector:
        message = facts.sector(known, sector)
    elif industry:
        message = facts.industry(known, industry)
    else:
        message = facts.market(known)
    return part(message, number, lambda n: Market(f"{id}:{n}"))


def practised(bank: Catalogue, of: Role) -> set[Round]:
    """The rounds of a role for which the bank has a problem."""
    return {p.tags.round for p in bank.problems.values() if {of, "all"} & set(p.tags.roles)}


def _of_role(
    ctx: Context, typed: str, asks: str, reply: Callable[[Role], Message], wish: Callable[[str], Intent]
) -> Message:
    """A reply on the role that was named, else on the target role; else the question which one."""
    name, number = at(typed)
    of = _named(ctx, name) or ctx.member.role
    if of is None:
        return knowledge.which_role(asks, wish)
    return part(reply(of), number, lambda n: wish(f"{of}:{n}"))


def _named(ctx: Context, typed: str) -> Role | None:
    """The role of a text, None for no text. Raises UsageError for a role that nobody offers."""
    return Role(meant(typed, vocabulary.roles(ctx.bank.landscape), "role")) if typed else None
