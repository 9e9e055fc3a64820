"""Messages in parts go on where they broke off, and those that are given up are forgotten."""

from __future__ import annotations

from adapters.begun import KEPT, Begun


def test_what_stands_of_a_message_is_known_until_it_is_done() -> None:
    begun = Begun()
    assert begun.parts("a") == 0

    begun.stand("a", 2)
    begun.stand("a", 1)
    begun.stand("b", 1)
    assert (begun.parts("a"), begun.parts("b")) == (2, 1)

    begun.done("a")
    begun.done("a")
    assert (begun.parts("a"), begun.parts("b")) == (0, 1)


def test_messages_that_were_given_up_long_ago_are_forgotten_and_those_that_go_on_are_not() -> None:
    begun = Begun()
    begun.stand("given up", 1)
    begun.stand("goes on", 1)
    for n in range(KEPT):
        begun.stand(str(n), 1)
        begun.stand("goes on", 1)

    assert begun.parts("given up") == 0
    assert begun.parts("goes on") == 1
