"""What a person in Discord sees of a message, and how a long one is divided."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime

import discord
import pytest

from adapters.discord.render import marked
from bot.door.intents import About, Practice
from bot.door.messages import (
    Block,
    Bullets,
    Button,
    CodeBlock,
    Facts,
    Link,
    Mention,
    Message,
    Paragraph,
    Picture,
    Room,
    Span,
    Table,
    When,
    bold,
    code,
    heading,
    note,
    paragraph,
    quote,
    spans,
)
from bot.model import MemberId
from tests.adapters.discord import markdown
from tests.adapters.discord.drawn import drawn, said, seen, text, texts

ANA, BEN = MemberId("m1"), MemberId("m2")
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
OURS = {"rolecall": 77}
SENTENCE = "A sentence of an answer that says something about recall. "
LONG: list[tuple[str, str]] = [
    ("paragraphs", (SENTENCE * 4 + "\n\n") * 50),
    ("one paragraph", SENTENCE * 200),
    ("one word", "x" * 5_000),
    ("marks", "*" * 5_000),
    ("backticks", "`" * 5_000),
    ("lines", "-\n" * 2_000 + "# x\n" * 1_000),
    ("lines of JSON", json.dumps([{"text": 'He said "no" & <left>'}] * 300, indent=1)),
    ("Chinese", "召回率很重要。" * 700),
    ("emoji", "👩🏽" * 3_000),
    ("spaces", "a" + " " * 6_000 + "b"),
]


def line(*parts: str | Span, **options: object) -> str:
    """What one paragraph becomes."""
    return text(said(paragraph(*parts)), **options)


def shape(kind: str, typed: str) -> Block:
    shapes: dict[str, Block] = {
        "code": CodeBlock(typed),
        "bullet": Bullets((spans(typed),)),
        "numbered": Bullets((spans(typed),), numbered=True),
        "fact": Facts((("Said", spans(typed)),)),
        "cell": Table(("Head",), ((typed,),)),
        "bold": paragraph(bold(typed)),
        "covered": Paragraph(spans(typed), spoils=True),
    }
    return shapes.get(kind) or Paragraph(spans(typed), kind)  # type: ignore[arg-type]


def unlabelled(shown: str) -> str:
    """Without the label of a fact or the head of a table."""
    return shown.removeprefix("Said:").removeprefix("Head")


KINDS = ["body", "heading", "quote", "note", "code", "bullet", "numbered", "fact", "cell", "bold", "covered"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "typed"), LONG, ids=[name for name, _ in LONG])
def test_a_text_of_any_length_is_divided_and_none_of_it_is_lost(name: str, typed: str, kind: str) -> None:
    found = drawn(said(shape(kind, typed)))
    in_files = "".join(content.decode() for part in found for _, content, _ in part.attached)
    assert "".join((in_files or unlabelled(seen(*found))).split()) == "".join(typed.split())


def test_two_hundred_thousand_characters_become_messages_of_a_size() -> None:
    found = drawn(said(quote(SENTENCE * 3_500)))
    assert 80 <= len(found) <= 125
    assert {len(part.embeds) for part in found} == {1}


def test_a_long_answer_is_broken_between_its_paragraphs() -> None:
    answer = "\n\n".join([SENTENCE * 12] * 5)
    found = texts(*drawn(said(quote(answer))))
    paragraphs = [re.split(r"\n(?:> )?\n", shown) for shown in found]
    assert [len(shown) for shown in paragraphs] == [2, 3]
    assert {one.removeprefix("> ").strip() for shown in paragraphs for one in shown} == {(SENTENCE * 12).strip()}


def test_options_of_a_command_are_written_as_discord_writes_them() -> None:
    shown = line("Try /rolecall me reminders level=light days=Mon.", commands={"rolecall": 7})
    assert shown == "Try </rolecall me reminders:7> level:light days:Mon."
    typed = code("/rolecall cohort prompts days=Mon Thu time=09:00")
    assert line(typed, commands={"rolecall": 7}) == "`/rolecall cohort prompts days:Mon Thu time:09:00`"
    assert line("I set level=light", commands={"rolecall": 7}) == "I set level=light"


def test_a_long_export_is_one_message_with_a_file() -> None:
    export = json.dumps({"attempts": ["I would look at the recall."] * 1_000})
    [only] = drawn(Message("All", (CodeBlock(export),), (Button("Delete everything", Practice()),), title="All of it"))
    [(name, content, _)] = only.attached
    assert name.endswith(".txt") and json.loads(content) == json.loads(export)
    assert "comesasafile" in seen(only)
    assert only.buttons


def test_what_is_shown_as_it_is_becomes_numbered_messages_with_the_button_below_the_last() -> None:
    figures = "week,answers\n" * 400
    found = drawn(said(CodeBlock(figures), buttons=(Button("Report", Practice()),)), notifies=True)
    assert len(found) > 2
    assert found[0].content == f"A message (1 of {len(found)})"
    assert [bool(part.buttons) for part in found] == [False] * (len(found) - 1) + [True]


def test_a_heading_goes_with_what_it_is_above_into_the_next_message() -> None:
    first, second = texts(*drawn(said(paragraph("x " * 800), heading("Missed"), paragraph("y " * 800))))
    assert "Missed" not in first
    assert second.startswith("**Missed**\ny")


@pytest.mark.parametrize("opening", ["Short", "Wide 🦊_" * 18])
def test_a_title_never_stands_alone_above_a_long_answer(opening: str) -> None:
    first, *_ = texts(*drawn(Message("An answer", (quote("*" * 5_000),), title=opening)))
    assert "\n> " in first
    found = texts(*drawn(said(paragraph("x " * 900), heading(opening), quote("*" * 5_000))))
    assert found[1].startswith("**")


def test_25_buttons_stand_in_five_rows_and_each_is_known_by_itself() -> None:
    buttons = tuple(Button(f"Verdict {n}", About(str(n)), primary=n == 0) for n in range(25))
    (part,) = drawn(said(buttons=buttons))
    rows = part.sent()["view"].to_components()
    assert [len(row["components"]) for row in rows] == [5] * 5
    assert [b.custom_id for b in part.buttons] == [f"{n}~about|{n}" for n in range(25)]
    assert [b.style for b in part.buttons[:2]] == [discord.ButtonStyle.primary, discord.ButtonStyle.secondary]


HOSTILE = [
    "@everyone", "@HERE", "<@1>", "<@!1>", "<@&1>", "<#1>", "</rolecall me delete:1>", "<t:1>", "<t:1:R>", "<:a:1>",
    "<a:b:2>", "<id:home>", ":smile:", "http://x.example/y", "https://x.example", "<https://x.example>", "steam://run",
    "[x](http://y.example)", "[x](<http://y.example>)", "**b**", "*i*", "_i_", "__u__", "~~s~~", "||s||", "`c`",
    "``c``", "```\nc\n```", "# h", "### h", "-# s", "> q", ">>> q", "- l", "+ l", "* l", "1. l", "  - l", "12) l",
    "snake_case_name", "2*3*4", "a\\", "\\*x\\*", "x\n# h\n- l\n> q\n1. l", "*", "_", "|", "`", "¯\\_(ツ)_/¯",
    "<@1" "\u200b>", "\u202e<@1>", "<user@example.org>", "<+15551234>",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_typed_is_shown_as_it_was_typed(kind: str) -> None:
    allowed = {
        "heading": {"strong"},
        "quote": {"quote"},
        "note": {"subtext"},
        "code": {"fence"},
        "bullet": {"list"},
        "numbered": {"list"},
        "fact": {"strong"},
        "cell": {"list", "strong", "fence"},
        "bold": {"strong"},
        "covered": {"spoiler"},
    }
    for typed in HOSTILE:
        shown = text(said(shape(kind, typed)))
        expected = "".join(typed.replace("\u200b", "").replace("\u202e", "").split())
        assert unlabelled(markdown.seen(shown)) == expected
        assert markdown.kinds(shown) <= allowed.get(kind, set()), (typed, shown)


@pytest.mark.parametrize("typed", HOSTILE)
def test_neither_names_nor_titles_nor_descriptions_do_anything(typed: str) -> None:
    board = Message(
        f"S {typed}",
        (paragraph(Mention(ANA, f"N{typed}"), " and ", Room(f"R{typed}")), Picture(b"png", f"P {typed}")),
        (Button(f"B {typed}", Practice()),),
        title=f"T {typed}",
    )
    (part,) = drawn(board, notifies=True)
    (shown,) = texts(part)
    assert markdown.kinds(shown) == {"heading", "strong"}
    assert not markdown.kinds(part.content) & markdown.LIVE
    assert part.sent()["allowed_mentions"].to_dict() == {"parse": [], "users": []}


def test_a_word_in_code_is_code_whatever_is_in_it() -> None:
    assert line("Use ", code("a_b*c"), ".") == "Use `a_b*c`."
    assert line(code("`x`"), " and ", code("a`b")) == "`` `x` `` and ``a`b``"
    assert markdown.kinds(line(code("```"), code("a``b`c"))) <= {"code"}
    assert line(code("a"), code("b")) == "`ab`"


def test_marks_of_neighbours_do_not_run_into_each_other() -> None:
    shown = line(bold("one"), Mention(ANA, "two"), code("x"), "*", bold("y"))
    assert markdown.seen(shown) == "onetwox*y"
    assert markdown.kinds(shown) == {"strong", "code"}


def test_a_block_of_code_keeps_its_backticks_inside() -> None:
    shown = text(said(CodeBlock("```py\nprint(1)\n```\n`````")))
    assert markdown.kinds(shown) == {"fence"}
    assert markdown.seen(shown) == "```pyprint(1)````````"


def test_control_characters_and_broken_text_leave_no_trace() -> None:
    assert line("a\0b\x07 \u202edrawkcab\ud800 \x1b[31mred") == "ab drawkcab� red"


@pytest.mark.parametrize("typed", ["", "  \n", "\u202e", "\0"])
def test_a_message_without_anything_to_see_shows_its_summary(typed: str) -> None:
    empty = said(paragraph(typed), quote(typed), note(typed), CodeBlock(typed), heading(typed), Bullets(()))
    assert text(empty) == "A message"
    assert text(said(Bullets((spans(typed),)), Facts((("Name", spans(typed)),)))) == "- –\n\n**Name:** –"


def test_only_addresses_of_the_web_become_links() -> None:
    assert line(Link("https://rolecall.example/a_(b)?c=1&d=2", "the [page]")) == (
        "[the (page)](https://rolecall.example/a_%28b%29?c=1&d=2)"
    )
    assert line(Link("https://rolecall.example/a", "https://bank.example")) == "<https://rolecall.example/a>"
    assert line(Link("mailto:ana@rolecall.example", "Ana")) == "Ana (ana@rolecall.example)"
    for address in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "discord://x",
        "https://a b",
        "https://" + "a" * 3_000,
    ):
        assert not set.union(*map(markdown.kinds, texts(*drawn(said(paragraph(Link(address, "page")))))))


def test_who_is_known_in_discord_is_mentioned_and_others_are_named() -> None:
    assert line(Mention(ANA, "Ana"), users={ANA: "1001"}) == "<@1001>"
    assert line(Mention(ANA, "Ana <@1>")) == "**Ana \\<@1>**"
    assert line(Mention(ANA, "🦊" * 32)) == f"**{'🦊' * 32}**"


def test_only_who_is_to_be_told_is_rung_once_and_above_the_message() -> None:
    both = said(paragraph(Mention(ANA, "Ana", rings=True), " and ", Mention(BEN, "Ben")), quote(SENTENCE * 60))
    first, *others = drawn(both, users={ANA: "1001", BEN: "1002"}, notifies=True)
    assert first.content == f"<@1001> A message (1 of {1 + len(others)})"
    assert first.sent()["allowed_mentions"].to_dict()["users"] == [1001]
    assert all("<@" not in part.content and not part.rings for part in others)
    (unknown,) = drawn(said(paragraph(Mention(ANA, "Ana", rings=True))))
    assert (unknown.content, unknown.rings) == ("", ())


def test_a_hundred_who_are_rung_do_not_break_the_message() -> None:
    many = [Mention(MemberId(f"m{n}"), f"N{n}", rings=True) for n in range(100)]
    drawn(said(paragraph(*many)), users={m.member: str(10**19 + n) for n, m in enumerate(many)}, notifies=True)


def test_a_channel_shows_its_name() -> None:
    assert line(Room("42")) == "<#42>"
    assert line(Room("#ml")) == "**\\#ml**"


def test_an_instant_is_drawn_by_the_readers_own_clock() -> None:
    shown = [line(When(MONDAY, "Europe/Berlin", style)) for style in ("date", "day_time", "time")]
    assert shown == ["<t:1767603600:D>", "<t:1767603600:f> (<t:1767603600:R>)", "<t:1767603600:t>"]


def test_our_commands_can_be_pressed_where_their_id_is_known() -> None:
    told = said(
        paragraph("Type /rolecall help role, or ", code("/rolecall me pause"), " or ", bold("/rolecall why"), "."),
        paragraph("see github.com/rolecall help, /rolecall-eu help, /rolecall helpers or /rolecall"),
        quote("I typed /rolecall help"),
        CodeBlock("/rolecall help"),
    )
    shown = text(told, commands=OURS)
    assert "Type </rolecall help:77> role, or </rolecall me pause:77> or" in shown
    assert shown.count(":77>") == 2
    assert "</" not in text(told)


def test_what_gives_an_answer_away_is_covered() -> None:
    shown = text(said(paragraph("Before."), Paragraph(spans("It is ", code("a|b"), " or |"), spoils=True)))
    assert [node.kind for node in markdown.read(shown) if node.kind == "spoiler"] == ["spoiler"]
    assert markdown.seen(shown) == "Before.Itisa|bor|"
    covered = text(said(Paragraph(spans("one\ntwo"), "note", spoils=True)))
    assert covered == "-# ||one||\n-# ||two||"


def test_blocks_stand_as_a_reader_expects_them() -> None:
    shown = text(
        Message(
            "Today",
            (
                note("About 4 min"),
                note("In the evening"),
                paragraph("Name three."),
                Bullets((spans("One\nand\n\na half"), spans("Two"))),
                heading("Then"),
                Bullets((spans("A"), spans("B")), numbered=True),
                Facts((("Open", spans("yes")), ("Sure?", spans("no")))),
                quote("Mine\n\nand yours"),
            ),
            title="Today #",
        )
    )
    assert shown.replace(markdown.GAP, "") == (
        "### Today #\n"
        "-# About 4 min\n"
        "-# In the evening\n\n"
        "Name three.\n"
        "- One\n  and\n  a half\n"
        "- Two\n\n"
        "**Then**\n"
        "1. A\n"
        "2. B\n\n"
        "**Open:** yes\n**Sure?** no\n\n"
        "> Mine\n> \n> and yours"
    )
    assert markdown.seen(shown).startswith("Today#About")


def test_a_narrow_table_has_columns_and_a_wide_one_is_a_list() -> None:
    head = ("Place", "Name", "Points")
    narrow = text(said(Table(head, (("1", "Ana", "1,204"), ("12", "召回", "96")))))
    assert narrow == "```\nPlace  Name  Points\n1      Ana   1,204\n12     召回  96\n```"
    wide = text(said(Table(head, (("1", "Ana of the evening group in Spring", "1,204"), ("2", "", "96")))))
    assert wide == "- **1** – Name: Ana of the evening group in Spring · Points: 1,204\n- **2** – Points: 96"


def test_a_picture_is_shown_below_what_is_said_before_it() -> None:
    picture = Picture(b"png", "1. Ana, 12 points." + " x" * 2_000)
    (part,) = drawn(said(paragraph("The week."), picture, paragraph("Well done."), picture))
    shown = [(embed.description, embed.image.url) for embed in part.embeds]
    assert shown == [("The week.", "attachment://picture-1.png"), ("Well done.", "attachment://picture-2.png")]
    sent = part.sent()["files"]
    assert [file.filename for file in sent] == ["picture-1.png", "picture-2.png"]
    assert sent[0].description.startswith("1. Ana, 12 points.")
    assert sent[0].fp.read() == b"png"
    assert len(drawn(said(*[picture] * 12))) == 2


def test_an_edit_leaves_nothing_of_what_stood_there() -> None:
    (part,) = drawn(said(paragraph("The verdict.")))
    edit = part.edited()
    assert {name: edit[name] for name in ("content", "attachments", "view")} == {
        "content": None,
        "attachments": [],
        "view": None,
    }
    assert part.sent().keys() == {"embeds", "allowed_mentions"}


def test_a_part_is_sent_twice_and_kept_by_nobody() -> None:
    (part,) = drawn(said(paragraph("Press."), buttons=(Button("Next", Practice()),)))

    async def views() -> list[discord.ui.View]:
        return [part.sent()["view"], part.edited()["view"]]

    first, second = asyncio.run(views())
    assert first.is_finished() and second.is_finished()
    assert first is not second
    assert first.to_components() == second.to_components()


def test_every_part_has_its_mark_which_is_shown_nowhere() -> None:
    found = drawn(said(quote(SENTENCE * 60)), mark="0a" * 12 + "f")
    read_back = [marked(as_message(part.embeds[0])) for part in found]
    assert read_back == [("0a" * 12 + "f", n, len(found)) for n in range(1, len(found) + 1)]
    assert len(found) > 1
    assert not any(embed.title for part in found for embed in part.embeds)
    (plain,) = drawn(said(paragraph("No mark.")))
    assert marked(as_message(plain.embeds[0])) is None
    assert marked(as_message(discord.Embed(url="https://discord.com/channels/1"))) is None
    assert marked(as_message()) is None


def as_message(*embeds: discord.Embed) -> discord.Message:
    message = object.__new__(discord.Message)
    message.embeds = list(embeds)
    return message
