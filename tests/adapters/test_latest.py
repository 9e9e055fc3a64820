"""Only so many are remembered: those that were set last."""

from __future__ import annotations

from adapters.latest import Latest


def test_the_first_is_forgotten_for_one_too_many_and_whoever_is_set_again_is_last() -> None:
    people: Latest[str, int] = Latest(2)
    people["Ana"] = 1
    people["Ben"] = 1
    people["Ana"] = 2

    people["Cem"] = 1

    assert people == {"Ana": 2, "Cem": 1}
