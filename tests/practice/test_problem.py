"""What can be done with a problem: hints, looking, skipping, answering, and doing it at the wrong time."""

from __future__ import annotations

import pytest

from bot.door import intents as i
from bot.errors import RolecallError
from bot.model import ServingId
from tests.cohorts.group import said_in
from tests.talk import DAY, Talk, buttons, words


@pytest.fixture
def ana(chat: Talk) -> Talk:
    """Ana, with her first full problem open."""
    chat.settled("Ana")
    return chat


def test_hints_come_one_after_the_other_and_end_kindly(ana: Talk) -> None:
    problem = ana.world.rolecall.bank.problems[ana.serving("Ana").problem]

    titles = [ana.say("Ana", i.Hint()).title or "" for _ in problem.hints]

    assert [t.split(":")[0] for t in titles] == [f"Hint {n} of {len(titles)}" for n in range(1, len(titles) + 1)]
    assert "every hint" in words(ana.say("Ana", i.Hint()))


def test_only_where_nobody_else_writes_may_an_answer_be_typed(ana: Talk) -> None:
    private = words(ana.say("Ana", i.Practice()))
    in_channel = words(said_in(ana, "Ana", i.Practice(), "#ml"))

    assert "Type your answer here" in private
    assert "Type your answer here" not in in_channel
    assert "Press Answer" in in_channel


def test_a_double_click_on_hint_shows_one_hint(ana: Talk) -> None:
    button = i.Hint(ana.serving("Ana").id, "1")

    first, second = ana.say("Ana", button), ana.say("Ana", button)

    assert first.title == second.title
    assert ana.serving("Ana").hints == 1


def test_looking_at_the_answer_counts_as_not_known(ana: Talk) -> None:
    serving = ana.serving("Ana")

    heard = ana.say("Ana", i.Reveal(serving.id))

    assert "ask you about it again tomorrow" in words(heard)
    mine = {c.concept: c for c in ana.cards("Ana")}
    concepts = ana.world.rolecall.bank.problems[serving.problem].concepts
    assert {mine[c].last_rating for c in concepts if c in mine} == {1}


def test_skipping_before_looking_is_no_free_look(ana: Talk) -> None:
    serving = ana.serving("Ana")
    ana.say("Ana", i.Skip(serving.id))

    ana.say("Ana", i.Reveal(serving.id))

    concepts = ana.world.rolecall.bank.problems[serving.problem].concepts
    assert {c.last_rating for c in ana.cards("Ana") if c.concept in concepts} == {1}


def test_looking_after_the_answer_changes_nothing(ana: Talk) -> None:
    serving = ana.serving("Ana")
    ana.say("Ana", i.SubmitAnswer(answer=ana.strong("Ana")))
    before = ana.cards("Ana")

    heard = ana.say("Ana", i.Reveal(serving.id))

    assert "tomorrow" not in words(heard)
    assert ana.cards("Ana") == before


def test_skip_puts_it_away_uncounted(ana: Talk) -> None:
    before = ana.cards("Ana")

    ana.say("Ana", i.Skip())

    with pytest.raises(RolecallError, match="No problem is open"):
        ana.say("Ana", i.Hint())
    assert ana.cards("Ana") == before


def test_a_foreign_button_does_nothing_and_says_so(ana: Talk) -> None:
    ana.say("Ben", i.Start())
    for wish in (i.Hint, i.Reveal, i.Skip):
        with pytest.raises(RolecallError, match="put before somebody else"):
            ana.say("Ben", wish(ana.serving("Ana").id))
    with pytest.raises(RolecallError, match="I no longer know that problem"):
        ana.say("Ben", i.Hint(ServingId("nobody-has-this")))


def test_the_button_of_an_expired_problem_says_what_happened(ana: Talk) -> None:
    serving = ana.serving("Ana").id
    ana.world.wait(8 * DAY)

    with pytest.raises(RolecallError, match=r"put away after 7 days.*/rolecall practice"):
        ana.say("Ana", i.Hint(serving))


def test_an_answer_to_an_expired_problem_is_judged_all_the_same(ana: Talk) -> None:
    serving, answer = ana.serving("Ana").id, ana.strong("Ana")
    ana.world.wait(8 * DAY)

    heard = ana.say("Ana", i.SubmitAnswer(serving, answer))

    assert heard.title == "Strong Hire"


def test_a_button_of_a_closed_problem_says_so(ana: Talk) -> None:
    serving = ana.serving("Ana").id
    ana.say("Ana", i.Skip(serving))

    with pytest.raises(RolecallError, match="done with that problem"):
        ana.say("Ana", i.Hint(serving))


def test_nothing_open_is_said_with_the_remedy(ana: Talk) -> None:
    ana.say("Ana", i.Skip())

    with pytest.raises(RolecallError, match=r"No problem is open. /rolecall practice"):
        ana.say("Ana", i.Hint())


def test_practice_on_a_topic_serves_it_as_the_members_own_choice(ana: Talk) -> None:
    heard = ana.say("Ana", i.Practice("data"))

    assert ana.world.rolecall.bank.problems[ana.serving("Ana").problem].topic.startswith("data.")
    assert "your own choice" in words(heard)
    assert "stays open too: answer this one first" in words(heard)


def test_practice_on_a_topic_without_problems_names_the_way_on(ana: Talk) -> None:
    with pytest.raises(RolecallError, match="no problem on that yet"):
        ana.say("Ana", i.Practice("ml.cv"))


def test_the_same_event_delivered_twice_is_one(ana: Talk) -> None:
    answer = ana.invocation("Ana", i.SubmitAnswer(answer=ana.strong("Ana")), key="event-1")

    first = ana.world.rolecall.reply_to(answer)
    again = ana.world.rolecall.reply_to(answer)

    assert first is not None
    assert again is None


def test_a_problem_stays_as_it_was_served_when_the_bank_moves_on(ana: Talk) -> None:
    serving = ana.serving("Ana")
    bank = ana.world.rolecall.bank
    changed = bank.problems[serving.problem].model_copy(update={"version": 2, "prompt": "Something else."})
    object.__setattr__(bank, "problems", {**bank.problems, serving.problem: changed})

    heard = ana.say("Ana", i.Practice())

    assert "Something else." not in words(heard)


def test_the_answer_form_belongs_to_the_open_problem(ana: Talk) -> None:
    form = ana.form("Ana", i.WriteAnswer())

    assert form.submit({"answer": "mine"}) == i.SubmitAnswer(ana.serving("Ana").id, "mine")


def test_progress_lists_topics_due_work_and_bands(ana: Talk) -> None:
    ana.say("Ana", i.SubmitAnswer(answer=ana.strong("Ana")))

    heard = words(ana.say("Ana", i.Progress()))

    assert "2 Strong Hire" in heard
    assert "Next review: 2026-01-0" in heard
    ana.until_pushed()
    assert buttons(ana.say("Ana", i.Progress()))["Review now"] == i.Review()
