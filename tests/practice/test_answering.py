"""A member's words are never lost: odd input, two answers at once, a failing grader, a crash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from bot.cli import logs
from bot.door import intents as i
from bot.grading.deterministic import DeterministicGrader
from bot.grading.question import Question
from bot.model import Assessment
from bot.practice.answering import Patience
from bot.store import learning, members
from tests.talk import DAY, MONDAY, Talk, talk, words


def unplaced(chat: Talk, name: str) -> list[str]:
    """The texts of a member that could not be taken as answers."""
    return [e["data"]["text"] for e in chat.kept(name)["log"] if e["kind"] == "unplaced"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("🙂🙃🙂", id="emoji only"),
        pytest.param("\u200b\u200c\u200d\ufeff", id="zero width"),
        pytest.param("\u202eהמודל תמיד אומר לא", id="right to left"),
        pytest.param("\x00\x01\x02\xff\udcff\x1b[31m", id="binary"),
        pytest.param("x" * 3000, id="one long word"),
        pytest.param("<!channel> @everyone *bold* `code`", id="markup"),
    ],
)
def test_odd_answers_get_a_kind_sentence_and_are_kept(chat: Talk, answer: str) -> None:
    chat.say("Ana", i.Start())
    serving = chat.serving("Ana").id

    heard = chat.say("Ana", i.SubmitAnswer(answer=answer))

    assert heard.title in {"Not gradable yet", "No Hire"}
    with chat.tx() as tx:
        attempt = learning.attempt_of(tx, serving)
    assert attempt is not None
    assert attempt.text == answer.replace("\x00", "\ufffd").replace("\udcff", "\ufffd")


@pytest.mark.parametrize("answer", ["", "   \n\t  "])
def test_an_empty_answer_leaves_the_problem_open(chat: Talk, answer: str) -> None:
    chat.say("Ana", i.Start())

    heard = chat.say("Ana", i.SubmitAnswer(answer=answer))

    assert "two sentences will do" in words(heard)
    assert chat.serving("Ana").closed_at is None


@pytest.mark.parametrize("answer", ["I don't know", "idk", "No idea, sorry"])
def test_not_knowing_is_no_answer_and_is_offered_a_hint(chat: Talk, answer: str) -> None:
    chat.say("Ana", i.Start())

    heard = chat.say("Ana", i.SubmitAnswer(answer=answer))

    assert "take a hint" in words(heard)
    assert chat.serving("Ana").closed_at is None


def test_an_answer_one_character_too_long_is_kept_and_offered_again(chat: Talk) -> None:
    chat.say("Ana", i.Start())
    answer = "a b" * 1000 + "!"

    heard = chat.say("Ana", i.SubmitAnswer(answer=answer))

    assert "That answer has 3,001 characters; 3,000 fit. Cut 1 character" in words(heard)
    assert chat.form("Ana", i.WriteAnswer()).fields[0].initial == answer[:3000]
    assert unplaced(chat, "Ana") == [answer]


def test_an_answer_that_cannot_be_judged_leaves_the_question_open(chat: Talk) -> None:
    chat.say("Ana", i.Start())

    heard = chat.say("Ana", i.SubmitAnswer(answer="🙂"))
    again = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))

    assert "the question stays open" in words(heard)
    assert again.title == "Strong Hire"


def test_the_same_answer_sent_again_shows_its_verdict_again(chat: Talk) -> None:
    chat.say("Ana", i.Start())
    wish = i.SubmitAnswer(chat.serving("Ana").id, chat.strong("Ana"))

    assert chat.say("Ana", wish) == chat.say("Ana", wish)


def test_text_for_somebody_elses_problem_is_kept_and_given_back(chat: Talk) -> None:
    chat.say("Ana", i.Start())

    heard = chat.say("Ben", i.SubmitAnswer(chat.serving("Ana").id, "My own words."))

    assert "put before somebody else" in words(heard)
    assert unplaced(chat, "Ben") == ["My own words."]


def test_a_member_who_leaves_while_being_graded_is_not_brought_back(tmp_path: Path) -> None:
    class Leaving(DeterministicGrader):
        def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
            chat.say("Ana", i.Delete("yes"))
            return super().grade(question, answer, without)

    with talk(tmp_path, grader=Leaving()) as chat:
        chat.say("Ana", i.Start())
        reply = chat.world.rolecall.reply_to(chat.invocation("Ana", i.SubmitAnswer(answer="Always no.")))

        assert reply is None
        with chat.tx() as tx:
            assert members.of_account(tx, chat.actor("Ana").account) is None


def test_a_draft_belongs_to_its_own_problem(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.SubmitAnswer(answer="long " * 700))
    chat.say("Ana", i.Skip())

    chat.say("Ana", i.Practice())

    assert chat.form("Ana", i.WriteAnswer()).fields[0].initial == ""


@pytest.mark.parametrize("typed", ["hi", "What can you do?", "pratice"])
def test_whoever_begins_with_a_few_words_of_their_own_is_greeted_and_asked_the_first_question(
    chat: Talk, typed: str
) -> None:
    assert "Hello Ana" in words(chat.say("Ana", i.SubmitAnswer(answer=typed)))
    assert chat.serving("Ana").problem == chat.world.rolecall.bank.warm_up.id


def test_a_long_text_of_a_newcomers_is_given_back(chat: Talk) -> None:
    typed = "I would look at recall first, since only one payment in a hundred is fraud."

    assert typed in words(chat.say("Ana", i.SubmitAnswer(answer=typed)))


def test_words_without_an_open_problem_are_given_back(chat: Talk) -> None:
    chat.say("Ana", i.Start())
    chat.say("Ana", i.Skip())

    heard = chat.say("Ana", i.SubmitAnswer(answer="Precision is not recall."))

    assert "/rolecall practice" in words(heard)
    assert "Precision is not recall." in words(heard)
    assert unplaced(chat, "Ana") == ["Precision is not recall."]


def test_a_mistyped_command_without_an_open_problem_is_recognised(chat: Talk) -> None:
    chat.say("Ana", i.Start())
    chat.say("Ana", i.Skip())

    assert "Did you mean /rolecall practice?" in words(chat.say("Ana", i.SubmitAnswer(answer="pratice ragg")))


def test_of_two_answers_at_once_the_first_counts_and_the_second_is_kept(chat: Talk) -> None:
    chat.say("Ana", i.Start())
    serving, answer = chat.serving("Ana").id, chat.strong("Ana")
    calls = [chat.invocation("Ana", i.SubmitAnswer(serving, f"{answer} Take {n}.")) for n in range(8)]

    with ThreadPoolExecutor(8) as pool:
        heard = [r.message for r in pool.map(chat.world.rolecall.reply_to, calls) if r]

    assert sorted(m.summary for m in heard) == ["I could not take that as an answer"] * 7 + [
        "Your answer has been read"
    ]
    assert len(unplaced(chat, "Ana")) == 7


class Broken(DeterministicGrader):
    """A grader that fails until it is mended."""

    mended = False

    def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
        if not self.mended:
            raise ConnectionError("the model does not answer")
        return super().grade(question, answer, without)


def test_a_failed_grader_loses_nothing_and_the_verdict_follows(tmp_path: Path) -> None:
    grader = Broken()
    with talk(tmp_path, grader=grader) as chat:
        chat.say("Ana", i.Start())

        heard = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))

        assert "Your answer is saved" in words(heard)
        chat.world.wait(DAY / 24)
        assert chat.inbox.pushes == []
        grader.mended = True
        chat.world.wait(DAY / 2)
        assert [p.message.title for p in chat.inbox.pushes] == ["Strong Hire"]
        assert "This took longer than it should have" in words(chat.inbox.pushes[0].message)


def test_a_slow_grader_keeps_nobody_waiting_and_the_verdict_comes_by_itself(tmp_path: Path) -> None:
    begun, may_end = Event(), Event()

    class Slow(DeterministicGrader):
        def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
            begun.set()
            may_end.wait()
            return super().grade(question, answer, without)

    with talk(tmp_path, grader=Slow()) as chat:
        chat.world.rolecall.patience = 0.01
        chat.say("Ana", i.Start())

        heard = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))
        begun.wait()
        assert "I am still reading it" in words(heard)
        chat.say("Ben", i.Start())  # others go on meanwhile
        may_end.set()
        chat.world.rolecall.close()
        chat.world.settle()

        assert [p.message.title for p in chat.inbox.pushes] == ["Strong Hire"]


def test_either_the_reply_or_the_outbox_brings_the_verdict_never_both() -> None:
    waiting = Patience()
    assert waiting.ready()
    assert not waiting.give_up()

    gone = Patience()
    assert gone.give_up()
    assert not gone.ready()


def test_a_failed_grader_is_asked_again_more_and_more_slowly(tmp_path: Path) -> None:
    tries: list[float] = []

    class Counting(Broken):
        def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
            tries.append((chat.world.now() - MONDAY).total_seconds() / 60)
            raise TimeoutError

    with talk(tmp_path, grader=Counting()) as chat:
        chat.say("Ana", i.Start())
        chat.say("Ana", i.SubmitAnswer(answer="Anything at all will do here."))
        chat.world.wait(DAY)

    assert tries[:6] == [0, 1, 3, 7, 15, 31]
    assert len(tries) < 15


def test_after_a_restart_an_ungraded_answer_gets_its_verdict(tmp_path: Path) -> None:
    with talk(tmp_path, grader=Broken()) as chat:
        chat.say("Ana", i.Start())
        chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))

    with talk(tmp_path) as chat:
        chat.world.settle()

        assert [p.message.title for p in chat.inbox.pushes] == ["Strong Hire"]
        chat.world.wait(DAY)
        assert len([p for p in chat.inbox.pushes if p.message.title == "Strong Hire"]) == 1


def test_an_exception_in_the_log_names_no_words_of_the_member(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    class Telling(Broken):
        def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
            raise ValueError(f"cannot grade {answer}")

    logs.configure()  # capfd has put another standard error in its place
    with talk(tmp_path, grader=Telling()) as chat:
        chat.say("Ana", i.Start())
        chat.say("Ana", i.SubmitAnswer(answer="my very private sentence"))

    logged = capfd.readouterr().err
    assert "grading_failed" in logged
    assert "ValueError" in logged
    assert "private" not in logged
