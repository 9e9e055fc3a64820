"""Which name a text means, however it is spelt, and what is said to one that means none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load
from bot.door import naming
from bot.errors import UsageError
from bot.vocabulary import roles, vocabulary

ROLES = roles(load().landscape)
VOCABULARY = vocabulary(load())
CITIES = {"Boston": "boston", "Austin": "austin", "Houston": "houston"}


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("mle", "mle"),
        ("MLEs", "mle"),
        ("ml eng", "mle"),
        ("AI-Engineer", "ai_engineer"),
        ("ai_engineer", "ai_engineer"),
        ("aiengineer", "ai_engineer"),
        ("AI   engineers!", "ai_engineer"),
        ("AI enginer", "ai_engineer"),
        ("data scienitst", "data_scientist"),
        ("reasearch engineer", "research_engineer"),
    ],
)
def test_names_are_forgiving(typed: str, role: str) -> None:
    assert naming.find(typed, ROLES) == role


@pytest.mark.parametrize("typed", ["ui engineer", "mlx", "engineer", "", "data", "qa engineer"])
def test_another_name_is_not_taken_for_a_slip(typed: str) -> None:
    assert naming.find(typed, ROLES) is None


def test_a_slip_that_may_be_two_names_is_neither() -> None:
    names = {"Boston": "boston", "Coston": "coston"}
    assert naming.find("Doston", names) is None
    assert naming.find("Bosten", names) == "boston"


def test_a_slip_is_not_forgiven_where_spelling_counts() -> None:
    assert naming.find("AI enginer", ROLES, near=False) is None


def test_a_refusal_names_the_nearest_or_what_is_known() -> None:
    with pytest.raises(UsageError, match=r"I know no city called “Bostton MA”\. Did you mean “Boston”\?"):
        naming.meant("Bostton MA", CITIES, "city")
    with pytest.raises(UsageError, match="Choose from Boston, Austin, Houston"):
        naming.meant("Paris", CITIES, "city")


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    value = naming.find(text, ROLES)
    assert value is None or value in ROLES.values()
    assert naming.remedy(text, {"role": ROLES})
    assert set(naming.ranked(text, ROLES, 25)) <= set(ROLES.values())


@pytest.mark.parametrize("kind", VOCABULARY)
def test_every_name_means_one_value_and_every_value_is_reached_by_the_name_it_shows(kind: str) -> None:
    names = next(n for k, n in VOCABULARY.items() if k == kind)
    for value, shown in naming.labels(names).items():
        assert naming.find(shown, names, near=False) == value


def test_suggestions_begin_with_what_was_typed() -> None:
    assert naming.ranked("", CITIES, 2) == ["boston", "austin"]
    assert naming.ranked("hou", CITIES, 25)[0] == "houston"
    assert naming.ranked("sci", ROLES, 25)[0] == "data_scientist"
    assert naming.ranked("zzz", CITIES, 25) == []
