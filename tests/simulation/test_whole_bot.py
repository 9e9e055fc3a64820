"""A month of twenty people with the whole bot: they answer, put off, pause, change levels and travel."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.cli.compose import PlayWorld, open_play
from bot.door import intents as i
from bot.door.messages import Delivery, Push
from bot.errors import RolecallError
from tests.talk import Inbox, Talk

MONDAY = datetime(2026, 3, 2, 0, tzinfo=UTC)
DAYS = 31
NIGHT = (time(22), time(7))
AWAKE = timedelta(minutes=31)
LENGTHS = ("1h", "3h", "1d")
FAITHFUL = {
    "Ana": "America/New_York", "Ben": "Europe/Berlin", "Cem": "Africa/Cairo", "Dee": "America/Havana",
    "Eli": "Australia/Lord_Howe", "Fay": "Asia/Kathmandu", "Gus": "Pacific/Chatham", "Hal": "America/Nuuk",
}  # fmt: skip
"""They look in each evening and answer nothing."""
LIVELY = {
    "Ida": "Africa/Casablanca", "Jon": "America/Sao_Paulo", "Kim": "Pacific/Apia", "Lou": "Asia/Tokyo",
    "Mia": "Europe/London", "Ned": "America/Denver", "Oda": "Pacific/Auckland", "Pia": "Asia/Tehran",
    "Qui": "Pacific/Honolulu", "Rex": "Asia/Kolkata", "Sue": "UTC", "Tom": "America/St_Johns",
}  # fmt: skip
"""They do what comes to their mind."""


@dataclass
class Dated(Inbox):
    """An inbox that notes when each message came."""

    world: PlayWorld | None = None
    came: list[tuple[datetime, Push]] = field(default_factory=list)

    async def deliver(self, push: Push) -> Delivery:
        assert self.world
        self.came.append((self.world.now(), push))
        return await super().deliver(push)


@dataclass
class Month:
    chat: Talk
    inbox: Dated
    zones: dict[str, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    """Where somebody lives, from an instant on."""
    spoke: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def say(self, name: str, wish: i.Intent) -> None:
        self.spoke[name].append(self.chat.world.now())
        try:
            self.chat.say(name, wish)
        except RolecallError:
            return  # a wish that cannot be granted just now, such as an answer to nothing
        if isinstance(wish, i.SaveSettings) and wish.zone:
            self.zones[name].append((self.chat.world.now(), wish.zone))

    def zone(self, name: str, at: datetime) -> ZoneInfo:
        return ZoneInfo([zone for since, zone in self.zones[name] if since <= at][-1])

    def came(self) -> Iterator[tuple[str, str, datetime, datetime]]:
        """(who, key, instant, local time) of each message that counts to two a day."""
        names = {self.chat.member(name): name for name in self.zones}
        for at, push in self.inbox.came:
            kind, member, *_ = push.key.split(":")
            if kind in {"review_due", "weekly_summary"}:
                name = names[member]  # type: ignore[index]
                yield name, push.key, at, at.astimezone(self.zone(name, at))


def does_something(month: Month, rng: Random, name: str) -> None:
    other = rng.choice([*FAITHFUL.values(), *LIVELY.values()])
    wishes: list[i.Intent] = [
        i.Practice(),
        i.Review(),
        i.SubmitAnswer(answer="It depends on the data and on what the product needs."),
        i.Snooze(length=rng.choice(LENGTHS)),
        i.Pause(until=str(rng.randint(1, 4))),
        i.Resume(),
        i.SaveReminders(level=rng.choice(["light", "standard", "active"])),
        i.SaveReminders(days=rng.choice(["weekdays", "Mon Wed Fri", "every day"])),
        i.SaveSettings(zone=other),
        i.SaveSettings(time=rng.choice(["08:00", "12:30", "21:00"])),
    ]
    month.say(name, rng.choice(wishes))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    inbox, rng = Dated(), Random("a month")
    folder = tmp_path_factory.mktemp("month")
    with open_play(folder / "play.db", start=MONDAY, seed=3, zone="UTC", gateway=inbox) as world:
        inbox.world = world
        month = Month(Talk(world, inbox), inbox)
        for name, zone in {**FAITHFUL, **LIVELY}.items():
            month.chat.settled(name, zone=zone, time="09:00")
            month.say(name, i.SaveReminders(quiet="22:00-07:00"))
            month.zones[name].append((MONDAY, zone))
            month.say(name, i.Skip())
        for day in range(DAYS):
            moments = [(rng.uniform(0, 24), name) for name in LIVELY if rng.random() < 0.6]
            for name, zone in FAITHFUL.items():
                evening = datetime.combine(MONDAY.date() + timedelta(days=day), time(20), ZoneInfo(zone))
                moments.append((((evening - MONDAY) % timedelta(days=1)).total_seconds() / 3600, name))
            for hour, name in sorted(moments):
                at = MONDAY + timedelta(days=day, hours=hour)
                world.wait(max(timedelta(), at - world.now()))
                if name in FAITHFUL:
                    month.say(name, i.Help())
                else:
                    does_something(month, rng, name)
        world.wait(timedelta(days=DAYS) - (world.now() - MONDAY))
        yield month


@pytest.mark.slow
def test_nothing_comes_twice(month: Month) -> None:
    keys = Counter(push.key for _, push in month.inbox.came)

    assert len(keys) > 300
    assert max(keys.values()) == 1


@pytest.mark.slow
def test_nobody_gets_more_than_two_a_day(month: Month) -> None:
    days = Counter((name, local.date(), str(local.tzinfo)) for name, _, _, local in month.came())

    assert max(days.values()) == 2


@pytest.mark.slow
def test_nothing_comes_at_night_to_somebody_who_is_not_awake(month: Month) -> None:
    for name, key, at, local in month.came():
        asleep = local.time() >= NIGHT[0] or local.time() < NIGHT[1]
        is_awake = any(timedelta() <= at - said < AWAKE for said in month.spoke[name])
        assert not asleep or is_awake, f"{key} came at {local}"


@pytest.mark.slow
def test_who_looks_in_and_answers_nothing_is_reminded_at_nine_on_each_local_date(month: Month) -> None:
    """Over the change of clocks in New York, Havana, Berlin and Nuuk: from the first time that anything is due."""
    reminded: dict[str, list[date]] = defaultdict(list)
    for name, key, _, local in month.came():
        if name in FAITHFUL and key.startswith("review_due"):
            assert (local.hour, local.minute) == (9, 0), f"{key} came at {local}"
            reminded[name].append(local.date())

    assert set(reminded) == set(FAITHFUL)
    for name, days in reminded.items():
        end = (MONDAY + timedelta(days=DAYS)).astimezone(ZoneInfo(FAITHFUL[name])) - timedelta(hours=9)
        assert len(days) > 25
        assert days == [days[0] + timedelta(days=n) for n in range((end.date() - days[0]).days + 1)], name
