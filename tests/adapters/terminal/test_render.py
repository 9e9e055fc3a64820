"""How messages look: every block, both modes, narrow and wide, and with text that tries to break out."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from adapters.terminal.render import moment, zone_of
from adapters.terminal.screen import Screen
from bot.door.intents import Hint, Reveal, Skip
from bot.door.messages import (
    Bullets,
    Button,
    CodeBlock,
    Facts,
    Link,
    Mention,
    Message,
    Picture,
    Table,
    Text,
    When,
    bold,
    heading,
    note,
    paragraph,
    quote,
    spans,
)
from bot.model import MemberId

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)

EVERYTHING = Message(
    summary="All there is",
    title="Every block there is",
    blocks=(
        paragraph("A body with ", bold("bold"), ", ", Text("italic", "italic"), " and ", Text("code()", "code"), "."),
        note("Small print, due on ", When(AT, "Europe/Berlin", "date"), "."),
        heading("Your words"),
        quote("A quotation long enough to need a second line, whatever the width of the window may happen to be."),
        Bullets((spans("one"), spans("two, which is long enough to need a second line, hanging under its first one"))),
        Bullets(tuple(spans(f"step {n}") for n in range(1, 11)), numbered=True),
        CodeBlock("def f(x):\n\treturn x  # [bold]\n"),
        Facts((("Band", spans(bold("Lean Hire"))), ("Due", (When(AT, "Europe/Berlin"),)))),
        Table(("Concept", "Due"), (("Chunking", "3 d"), ("Reranking by a cross-encoder", "10 d"))),
        Picture(b"", "a line that rises"),
        paragraph(
            Mention(MemberId("m"), "Ana"),
            " at ",
            When(AT, "UTC", "time"),
            ", see ",
            Link("https://a.example/b", "this"),
        ),
    ),
    buttons=(
        Button("Hint", Hint(), primary=True),
        Button("Show the reference", Reveal()),
        Button("Skip", Skip()),
    ),
)

WIDE = Message(
    summary="Wide",
    title="🚀 채점 결과",
    blocks=(
        quote("한국어 답변입니다. 중국어 汉字也很宽，每个字占两格，所以换行的地方不一样。" * 2),
        Bullets((spans("👩\u200d💻 emoji 🇩🇪 👍🏽 ☺️ 1️⃣ and é, na\u0303o, नमस्ते, שלום, مرحبا"),)),
        Facts((("분위기", spans("좋음 😀")), ("Score", spans("80 %")))),
        Table(("名前", "Due"), (("検索拡張生成", "3 d"), ("plain", "10 d"))),
        paragraph("x" * 150),
    ),
    buttons=(Button("다음 문제 ▶️", Hint()), Button("건너뛰기", Skip())),
)


def drawn(message: Message, *, plain: bool, width: int, mark: str = "") -> str:
    out = io.StringIO()
    Screen(out, plain=plain, width=width).message(message, mark=mark)
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 120])
@pytest.mark.parametrize("plain", [True, False], ids=["plain", "framed"])
@pytest.mark.parametrize(("name", "message"), [("everything", EVERYTHING), ("wide", WIDE)])
def test_a_message_looks_as_it_did(name: str, message: Message, plain: bool, width: int) -> None:
    """After a deliberate change: delete the golden folder, run once, and look at the new files."""
    golden = GOLDEN / f"{name}-{'plain' if plain else 'framed'}-{width}.txt"
    look = drawn(message, plain=plain, width=width)
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(look, "utf-8")
        pytest.fail(f"{golden.name} is new: look at it, and run again")

    assert look == golden.read_text("utf-8")


HOSTILE = st.text(st.characters(exclude_categories=()), min_size=1, max_size=120)


@settings(max_examples=60, deadline=None)
@given(text=HOSTILE, width=st.integers(24, 120))
def test_no_text_breaks_a_frame(text: str, width: int) -> None:
    message = Message("Said", (quote(text), paragraph(text), Bullets((spans(text),))), title="Title")

    lines = drawn(message, plain=False, width=width).split("\n")

    assert lines.pop() == ""
    assert {cell_len(line) for line in lines} == {width}
    assert all(line[0] in "╭│╰" and line[-1] in "╮│╯" for line in lines)


@settings(max_examples=60, deadline=None)
@given(text=HOSTILE)
def test_plain_holds_neither_codes_nor_frames_nor_trailing_space(text: str) -> None:
    look = drawn(Message("Said", (quote(text),), (Button("Skip", Skip()),)), plain=True, width=60)

    assert "\x1b" not in look
    assert all(cell_len(line) <= 60 and line == line.rstrip(" ") for line in look.split("\n"))


def test_markup_of_any_kind_is_only_text() -> None:
    typed = "[bold]loud[/] :rocket: <!channel> @everyone **stars** [link=https://evil.example]here[/link]"

    assert typed in drawn(Message("Said", (paragraph(typed),)), plain=True, width=120)


def test_colours_are_drawn_only_where_they_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")

    assert "\x1b[" in drawn(EVERYTHING, plain=False, width=60)
    assert "\x1b" not in drawn(EVERYTHING, plain=True, width=60)


def test_a_title_too_long_for_the_frame_goes_inside() -> None:
    look = drawn(Message("Said", (paragraph("Body."),), title="long title " * 12), plain=False, width=60)

    assert look.replace("│", "").replace("\n", "").count("long") == 12
    assert "…" not in look


def test_code_can_be_copied_from_plain_output() -> None:
    line = '{"text": "' + "words " * 40 + '"}'
    message = Message("Said", (paragraph("All of it:"), CodeBlock(f"[\n{line}\n]")))

    look = drawn(message, plain=True, width=60)
    assert json.loads(look.split("it:")[1]) == [{"text": "words " * 40}]
    assert {cell_len(part) for part in drawn(message, plain=False, width=60).splitlines()} == {60}


def test_a_remark_stands_with_the_message() -> None:
    message = Message("Said", (paragraph("Body."),))

    assert drawn(message, plain=True, width=60, mark="only you can see this").startswith(
        "  (only you can see this)\n\n"
    )
    assert "only you can see this ─" in drawn(message, plain=False, width=60, mark="only you can see this")


def test_long_buttons_stand_below_each_other_and_none_is_broken() -> None:
    labels = ["“A sentence of somebody's answer, which is rather long”", "“Another one of them”", "None of them"]
    look = drawn(Message("Said", (), tuple(Button(label, Skip()) for label in labels)), plain=True, width=70)

    assert look == "".join(f"  [{n}] {label}\n" for n, label in enumerate(labels, 1))


def test_a_message_of_buttons_alone_or_of_nothing_is_drawn() -> None:
    assert drawn(Message("Said", (), title="Alone"), plain=True, width=60) == "  Alone\n  ─────\n"
    assert "[1] Skip" in drawn(Message("Said", (), (Button("Skip", Skip()),)), plain=False, width=60)


@pytest.mark.parametrize(
    ("zone", "style", "words"),
    [
        ("Europe/Berlin", "day_time", "Thu 15 Jan 2026 09:00"),
        ("America/New_York", "date", "Thu 15 Jan 2026"),
        ("Asia/Tokyo", "time", "17:00"),
        ("Not/AZone", "time", "08:00"),
        ("../../etc/passwd", "time", "08:00"),
    ],
)
def test_an_instant_in_the_readers_zone(zone: str, style: str, words: str) -> None:
    assert moment(AT, zone_of(zone), style) == words


@pytest.mark.parametrize(("plain", "width"), [(True, 23), (False, 60)])
def test_a_line_across_fills_the_window_but_stays_short_in_plain(plain: bool, width: int) -> None:
    out = io.StringIO()
    Screen(out, plain=plain, width=60).event("DM to Ana · 09:00\x1b[2J")

    assert out.getvalue().startswith("── DM to Ana · 09:00 ──")
    assert cell_len(out.getvalue().rstrip("\n")) == width


def test_what_arrives_while_somebody_types_stands_above_a_new_prompt() -> None:
    out = io.StringIO()
    screen = Screen(out, plain=True, width=60)
    screen.note("Before.")
    with screen.open_prompt("Ana> "):
        out.write("Ana> half a li")
        screen.message(Message("Said", (paragraph("Arrived."),)), header="DM to Ana · 09:00")
    screen.note("After.")

    assert out.getvalue() == (
        "  Before.\n\nAna> half a li\n\n── DM to Ana · 09:00 ──\n\n  Arrived.\n\nAna> \n  After.\n"
    )


def test_a_window_is_used_up_to_a_readable_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Console, "width", property(lambda self: 200))
    out = io.StringIO()
    Screen(out, plain=False).message(Message("Said", (paragraph("Body."),)))

    assert max(map(cell_len, out.getvalue().split("\n"))) == 100
