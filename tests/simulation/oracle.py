"""What everybody was promised, and whether they got it. It computes wall times with `zoneinfo` alone.

Each promise is a function of an `Outcome` that yields what breaks it. Nothing here comes from
the bot: neither its calendar nor its arithmetic, so that both would have to err in the same way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from tests.simulation.history import Call, Settings, Span
from tests.simulation.world import Outcome

REVIEW, SUMMARY = "review_due", "weekly_summary"
ENOUGH = timedelta(hours=2)
"""For so long at a stretch the bot is up, the platform well and the person awake: then a message has to arrive."""
ENOUGH_AFTER_FAILURES = timedelta(hours=7)
"""The same for a message whose tries have failed before: the longest pause between two tries is six hours."""
DAY = timedelta(days=1)
TRIES = 10
DAILY = 2
WRITTEN = 35
"""Seconds after a call within which its outcome is written down, or its process is in trouble."""
INVALID, WINDOW = 1000, timedelta(minutes=10)
ON_ITS_WAY = 0.5
"""Seconds within which other calls are begun before a refusal has come back."""
TOLERANCE = 1.05
"""Seconds: the bot's clock may be slow, and the platform's answer takes a moment."""


class Facts:
    """An outcome, in the order in which promises ask for it."""

    def __init__(self, outcome: Outcome) -> None:
        self.of = outcome
        self.history = outcome.history
        self.spans: dict[str, list[Span]] = defaultdict(list)
        for span in outcome.history.spans:
            self.spans[span.what].append(span)
        self.calls: dict[str, list[Call]] = defaultdict(list)
        self.calls_to: dict[str, list[Call]] = defaultdict(list)
        for call in outcome.history.calls:
            self.calls[call.key].append(call)
            self.calls_to[call.person].append(call)
            if any(-1 < t - call.second < WRITTEN for t in outcome.troubles.get(call.process, ())):
                call.uncertain = True
        self.rows = {row.dedupe_key: row for row in outcome.ledger}
        self.platform = {p.id: p.platform for p in outcome.people}

    def accepted(self, key: str) -> list[Call]:
        return [c for c in self.calls.get(key, ()) if c.outcome == "accepted"]

    @cached_property
    def ends(self) -> dict[int, tuple[datetime, datetime]]:
        """The first and the last instant of each epoch in which the bot was up."""
        found: dict[int, tuple[datetime, datetime]] = {}
        for s in self.spans["up"]:
            first, last = found.get(s.epoch, (s.start, s.end))
            found[s.epoch] = (min(first, s.start), max(last, s.end))
        return found

    def zones(self, zone: str) -> list[ZoneInfo]:
        """The rules that a zone had in the course of the year."""
        return [ZoneInfo(zone), *(ZoneInfo(as_in) for _, of, as_in in self.of.rules if of == zone)]

    def rules(self, zone: str, epoch: int) -> ZoneInfo:
        """The rules of a zone in an epoch: new rules begin a new one."""
        return self._rules[epoch].get(zone) or ZoneInfo(zone)

    @cached_property
    def _rules(self) -> list[dict[str, ZoneInfo]]:
        found, now = [], dict[str, ZoneInfo]()
        changes = dict(self.history.new_rules)
        for epoch in range(self.history.epoch + 1):
            if change := changes.get(epoch):
                now = now | {change[0]: ZoneInfo(change[1])}
            found.append(now)
        return found

    def usable(self, person: str, wish: Span, start: datetime, end: datetime) -> timedelta:
        """The longest stretch between two instants of an epoch in which a message could have got through."""
        epoch, settings = wish.epoch, wish.value
        name = self.platform[person]
        blocked = [
            (s.start, s.end)
            for what in (f"trouble:{name}", f"storm:{name}", f"door:{person}")
            for s in self._within(what, epoch, start, end)
        ]
        blocked += self._nights(settings, epoch, start, end)
        longest = timedelta()
        for up in self._within("up", epoch, start, end):
            at, until = max(up.start, start), min(up.end, end)
            for first, last in sorted(blocked):
                if first >= until:
                    break
                if last > at:
                    longest = max(longest, first - at)
                    at = max(at, last)
            longest = max(longest, until - at)
        return longest

    def wish_at(self, call: Call) -> Span | None:
        """What somebody wished for at the moment of a call."""
        spans = self._by_epoch[f"wish:{call.person}", call.epoch]
        return next((s for s in spans if s.start <= call.at <= s.end), None)

    def of_epoch(self, what: str, epoch: int) -> list[Span]:
        return self._by_epoch[what, epoch]

    def _within(self, what: str, epoch: int, start: datetime, end: datetime) -> Iterator[Span]:
        for s in self._by_epoch[what, epoch]:
            if s.start < end and s.end > start:
                yield s

    @cached_property
    def _by_epoch(self) -> dict[tuple[str, int], list[Span]]:
        found: dict[tuple[str, int], list[Span]] = defaultdict(list)
        for what, spans in self.spans.items():
            for s in spans:
                found[what, s.epoch].append(s)
        return found

    def _nights(
        self, settings: Settings, epoch: int, start: datetime, end: datetime
    ) -> list[tuple[datetime, datetime]]:
        if settings.quiet is None:
            return []
        rules = self.rules(settings.zone, epoch)
        days = range((end.date() - start.date()).days + 4)
        return [night(start.date() + timedelta(days=d - 2), settings.quiet, rules) for d in days]


def put_off(until: datetime, rules: ZoneInfo) -> str:
    """How the key of a reminder that was put off ends: the local date, and the minute in UTC."""
    return f"{until.astimezone(rules):%Y-%m-%d}@{until.astimezone(UTC):%H%M}"


def instant(on: date, wall: time, rules: ZoneInfo) -> datetime:
    """The first of the two instants of a wall time, or as long after a gap as it lies in it."""
    return datetime.combine(on, wall, rules).astimezone(UTC)


def night(on: date, quiet: tuple[time, time], rules: ZoneInfo) -> tuple[datetime, datetime]:
    start, end = quiet
    return instant(on, start, rules), instant(on + (DAY if end <= start else timedelta()), end, rules)


def useful_until(kind: str, at: datetime, rules: ZoneInfo) -> datetime:
    if kind == SUMMARY:
        return at + 2 * DAY
    return max(instant(at.astimezone(rules).date() + DAY, time(0), rules), at + timedelta(hours=3))


def none_is_lost(facts: Facts) -> Iterator[str]:
    """Whoever was owed a message on a local date has it, or a reason that holds."""
    for person in facts.platform:
        for wish in facts.spans[f"wish:{person}"]:
            for kind in sorted(wish.value.kinds):
                for on, at, until in dates(facts, wish, kind):
                    key = f"{kind}:{person}:{on}"
                    if facts.accepted(key) or excused(facts, person, wish, kind, on, at, until):
                        continue
                    row = facts.rows.get(key)
                    became = f"its row is {row.state} ({row.reason})" if row else "it has no row"
                    yield f"{key} was due at {at:%Y-%m-%d %H:%M} UTC and never arrived; {became}"


def dates(facts: Facts, wish: Span, kind: str) -> Iterator[tuple[date, datetime, datetime]]:
    """Each local date on which a wish falls due while it is in force, its instant, and until when it is of use."""
    settings: Settings = wish.value
    rules = facts.rules(settings.zone, wish.epoch)
    wall, weekdays = settings.at, settings.weekdays
    if kind == SUMMARY:
        wall, weekdays = time(17), (max(settings.weekdays),)
    start = max(wish.start, settings.starts or wish.start)
    on = start.astimezone(rules).date() - DAY
    while on <= wish.end.astimezone(rules).date():
        if on.weekday() in weekdays and start < (at := instant(on, wall, rules)) < wish.end:
            yield on, at, min(useful_until(kind, at, rules), wish.end)
        on += DAY


def excused(facts: Facts, person: str, wish: Span, kind: str, on: date, at: datetime, until: datetime) -> str | None:
    """Why nothing had to come on a date."""
    if why := out_of_reach(facts, person, wish, f"{kind}:{person}:{on}", at, until):
        return why
    if any(last > at - ENOUGH for epoch, (_, last) in facts.ends.items() if epoch < wish.epoch):
        return "the clock was set back, and this hour was there before"
    if kind == REVIEW and any(
        (s.at if s.epoch == wish.epoch else s.at - DAY) <= until
        and on <= max(s.until.astimezone(facts.rules(zone, s.epoch)).date() for zone in (s.zone, wish.value.zone))
        for s in facts.history.snoozes_of(person)
    ):
        return "they had put it off"
    if later_used(facts, person, kind, on, at):
        return "they had one for that date, or a later one, before they travelled"
    return None


def out_of_reach(facts: Facts, person: str, wish: Span, key: str, at: datetime, until: datetime) -> str | None:
    """Why a message could not come, or was not wanted any more, between two instants."""
    calls = [c for c in facts.calls.get(key, ()) if c.outcome != "refused"]
    failed = sum(c.outcome == "failed" or c.uncertain for c in calls)
    if facts.usable(person, wish, at, until) < (ENOUGH_AFTER_FAILURES if failed else ENOUGH):
        return "there was no time for it"
    rules = facts.rules(wish.value.zone, wish.epoch)
    on = at.astimezone(rules).date()
    if key.startswith(REVIEW) and any((person, on + n * DAY) in facts.history.practised for n in (0, 1)):
        return "they had practised already"
    today = instant(on, time(0), rules)
    if sum(today <= c.at < until + DAY for c in facts.calls_to[person] if c.outcome != "refused") >= DAILY:
        return "they had two that day"
    row = facts.rows.get(key)
    if row and row.state == "dead" and facts.platform[person] not in facts.of.answering and row.attempt >= 2:
        return "the platform could not be asked, and it was sent again once"
    if row and row.state == "dead" and len(calls) >= TRIES:
        return "every try failed"
    return None


def what_was_put_off_arrives(facts: Facts) -> Iterator[str]:
    """A reminder that somebody moved comes at the instant they named."""
    for s in facts.history.snoozes:
        wish = next((w for w in facts.of_epoch(f"wish:{s.person}", s.epoch) if w.start <= s.at < w.end), None)
        if wish is None or REVIEW not in wish.value.kinds or not s.until < wish.end:
            continue
        if any(s.at < o.at <= s.until for o in facts.history.snoozes_of(s.person)):
            continue  # moved again
        rules = facts.rules(s.zone, s.epoch)
        until = min(useful_until(REVIEW, s.until, rules), wish.end)
        key = f"{REVIEW}:{s.person}:{put_off(s.until, rules)}"
        if not facts.accepted(key) and not out_of_reach(facts, s.person, wish, key, s.until, until):
            yield f"{key} was put off to that hour at {s.at:%Y-%m-%d %H:%M} UTC and never arrived"


def later_used(facts: Facts, person: str, kind: str, on: date, at: datetime) -> bool:
    """Whether a key of a later date had been made when this one fell due, by somebody who then travelled west."""
    spans = [s for s in facts.spans[f"wish:{person}"] if s.start <= at]
    if len({s.value.zone for s in spans[-4:]}) < 2:
        return False
    for n in (1, 2):
        row = facts.rows.get(f"{kind}:{person}:{on + n * DAY}")
        if row and row.not_before <= at:
            return True
    return False


def none_is_doubled(facts: Facts) -> Iterator[str]:
    """One key, one message; where a platform cannot be asked, one more for each send whose fate nobody knew."""
    for key, calls in facts.calls.items():
        taken = [c for c in calls if c.outcome == "accepted"]
        if len(taken) < 2:
            continue
        if calls[0].platform in facts.of.answering:
            yield f"{key} arrived {len(taken)} times, where the platform could have been asked"
        elif len(taken) > 1 + sum(c.uncertain for c in taken[:-1]):
            yield f"{key} arrived {len(taken)} times, although its fate was known"
        elif len({c.words for c in taken}) > 1:
            yield f"{key} arrived twice in different words"


def none_is_early(facts: Facts) -> Iterator[str]:
    """Nothing arrives before the wall time that it is for, in any zone and by any settings the person had."""
    for key, calls in facts.calls.items():
        kind, person, day = key.split(":")
        on = date.fromisoformat(day.partition("@")[0])
        first = calls[0]
        if "@" in day:
            zones = {s.value.zone for s in facts.spans[f"wish:{person}"]}
            rules = [r for zone in zones for r in facts.zones(zone)]
            ends = [s.until for s in facts.history.snoozes_of(person)]
            earliest = min((u for u in ends if any(put_off(u, r) == day for r in rules)), default=None)
            if earliest is None:
                yield f"{key} was never put off to that hour"
                continue
        else:
            wishes = [s.value for s in facts.spans[f"wish:{person}"] if s.start <= first.at or s.epoch < first.epoch]
            earliest = min(
                (
                    instant(on, w.at if kind == REVIEW else time(17), rules)
                    for w in wishes
                    for rules in facts.zones(w.zone)
                ),
                default=None,
            )
        if earliest is None or first.at < earliest:
            yield f"{key} was sent at {first.at:%Y-%m-%d %H:%M:%S}, before {earliest}"


def none_in_quiet_hours(facts: Facts) -> Iterator[str]:
    """Nothing is sent in somebody's quiet hours, unless they were about a moment ago."""
    for call in facts.history.calls:
        wish = facts.wish_at(call)
        if wish is None or wish.value.quiet is None or call.outcome == "failed":
            continue
        if any(
            timedelta(minutes=-1) <= call.at - s < timedelta(minutes=31)
            for s in facts.history.seen.get(call.person, ())
        ):
            continue
        rules = facts.rules(wish.value.zone, wish.epoch)
        for n in (-1, 0):
            start, end = night(call.at.astimezone(rules).date() + n * DAY, wish.value.quiet, rules)
            # a call that was begun in time may be a minute on its way
            if start + timedelta(minutes=1) <= call.at < end:
                yield f"{call.key} was sent at {call.at.astimezone(rules):%Y-%m-%d %H:%M %Z}, in quiet hours"


def two_a_day_at_most(facts: Facts) -> Iterator[str]:
    """Nobody gets more than two messages unasked on one local day, but for one that had to be sent twice."""
    for person, calls in facts.calls_to.items():
        days: dict[tuple[int, str, date], set[str]] = defaultdict(set)
        for call in calls:
            if call.outcome == "accepted" and (wish := facts.wish_at(call)):
                zone = wish.value.zone
                days[call.epoch, zone, call.at.astimezone(facts.rules(zone, call.epoch)).date()].add(call.key)
        for (_, zone, on), keys in days.items():
            if len(keys) > DAILY:
                yield f"{person} got {len(keys)} messages on {on} in {zone}: {', '.join(sorted(keys))}"


def refusals_are_heeded(facts: Facts) -> Iterator[str]:
    """Where a platform asked for patience, nothing is called before it is over."""
    until: dict[str, tuple[float, float, int]] = {}
    for call in facts.history.calls:
        for scope in (call.platform, call.person):
            told, end, epoch = until.get(scope, (0.0, 0.0, 0))
            if epoch == call.epoch and told < call.second < end:
                early = end - call.second
                yield f"{call.key} was called at second {call.second:.1f}, {early:.1f} s too early for {scope}"
        if call.outcome == "refused" and not call.uncertain:
            scope = call.platform if call.scope == "platform" else call.person
            end = call.second + call.wait * (1 - 3e-4) - TOLERANCE
            until[scope] = (call.second + ON_ITS_WAY, max(end, until.get(scope, (0, 0, 0))[1]), call.epoch)


def few_calls_are_invalid(facts: Facts) -> Iterator[str]:
    """Refused calls stay below a thousand in ten minutes; Discord bans at ten thousand."""
    for name in set(facts.platform.values()):
        seconds = [c.second for c in facts.history.calls if c.platform == name and c.outcome in {"refused", "closed"}]
        for n, second in enumerate(seconds):
            if (many := bisect_right(seconds, second + WINDOW.total_seconds()) - n) >= INVALID:
                yield f"{many} calls that {name} refused within ten minutes from second {second:.0f}"
                break


def nothing_is_left_over(facts: Facts) -> Iterator[str]:
    """When all is calm again, nothing waits or hangs."""
    for row in facts.of.ledger:
        if row.state not in {"sent", "skipped", "dead"}:
            yield f"{row.dedupe_key} is still {row.state}, tried {row.attempt} times, last error {row.last_error}"


def the_ledger_tells_the_truth(facts: Facts) -> Iterator[str]:
    """What counts as sent arrived; what was skipped or given up did not, as far as one can know."""
    for row in facts.of.ledger:
        taken = facts.accepted(row.dedupe_key)
        if row.state == "sent" and not taken:
            yield f"{row.dedupe_key} counts as sent and never arrived"
        if row.state in {"skipped", "dead"} and any(not c.uncertain for c in taken):
            yield f"{row.dedupe_key} arrived and counts as {row.state} ({row.reason})"
        if row.state in {"skipped", "dead"} and not row.reason:
            yield f"{row.dedupe_key} is {row.state} without a reason"


def nobody_who_left_is_written_to(facts: Facts) -> Iterator[str]:
    for person, second in facts.history.gone.items():
        for call in facts.calls_to[person]:
            if call.second > second + 30:
                yield f"{call.key} was sent {call.second - second:.0f} s after {person} had left"


PROMISES: tuple[Callable[[Facts], Iterator[str]], ...] = (
    none_is_lost,
    what_was_put_off_arrives,
    none_is_doubled,
    none_is_early,
    none_in_quiet_hours,
    two_a_day_at_most,
    refusals_are_heeded,
    few_calls_are_invalid,
    nothing_is_left_over,
    the_ledger_tells_the_truth,
    nobody_who_left_is_written_to,
)


def broken(outcome: Outcome) -> list[str]:
    """All that breaks a promise, each with the promise's name."""
    facts = Facts(outcome)
    return [f"{promise.__name__}: {what}" for promise in PROMISES for what in promise(facts)]
