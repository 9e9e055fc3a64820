"""The Markdown that authors may use becomes blocks; everything else is refused with a way out."""

from __future__ import annotations

import pytest

from bot.catalogue.markdown import MarkdownError, blocks
from bot.door.messages import Block, Bullets, CodeBlock, Paragraph, Text


def plain(text: str) -> tuple[Text, ...]:
    return (Text(text),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\nTwo.", (Paragraph(plain("One. Two.")),)),
        ("One.\n\nTwo.", (Paragraph(plain("One.")), Paragraph(plain("Two.")))),
        ("One.  \nTwo.", (Paragraph(plain("One.\nTwo.")),)),
        (
            "**Four** of *five*: `a < b`.",
            (
                Paragraph(
                    (
                        Text("Four", "bold"),
                        Text(" of "),
                        Text("five", "italic"),
                        Text(": "),
                        Text("a < b", "code"),
                        Text("."),
                    )
                ),
            ),
        ),
        ("**a `b` c**", (Paragraph((Text("a ", "bold"), Text("b", "code"), Text(" c", "bold"))),)),
        ("- one\n- **two**", (Bullets((plain("one"), (Text("two", "bold"),))),)),
        ("1. one\n2. two", (Bullets((plain("one"), plain("two")), numbered=True),)),
        ("- one\n\n- two", (Bullets((plain("one"), plain("two"))),)),
        ("```sql\nselect 1\n\n```", (CodeBlock("select 1"),)),
        ("a < b & 4 % > c", (Paragraph(plain("a < b & 4 % > c")),)),
        ("\\*not bold\\* and snake_case_name", (Paragraph(plain("*not bold* and snake_case_name")),)),
        ("@everyone <!channel>", None),
    ],
)
def test_the_subset(text: str, expected: tuple[Block, ...] | None) -> None:
    if expected is None:
        with pytest.raises(MarkdownError):
            blocks(text)
    else:
        assert blocks(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# Title", "holds a heading"),
        ("Title\n---", "holds a heading"),
        ("| a |\n|---|\n| b |", "holds a table"),
        ("<div>x</div>", "holds HTML"),
        ("a <b>c</b>", "holds HTML"),
        ("![a](b.png)", "holds a picture"),
        ("[a](https://example.org)", "holds a link"),
        ("<https://example.org>", "holds a link"),
        ("> said", "holds a quotation block"),
        ("a\n\n***\n\nb", "holds a dividing line"),
        ("    indented", "holds indented code"),
        ("~~gone~~", "holds crossed-out text"),
        ("- a\n  - b", "has a list inside a list"),
        ("- a\n\n  b", "has a list item of two paragraphs"),
        ("- a\n\n  ```\n  b\n  ```", "holds a code block inside a list"),
    ],
)
def test_anything_else_is_refused(text: str, problem: str) -> None:
    with pytest.raises(MarkdownError) as error:
        blocks(text)
    assert error.value.problem == problem
    assert error.value.remedy
    assert str(error.value) == f"The text {problem}: {error.value.remedy}."


def test_the_same_text_is_parsed_once() -> None:
    assert blocks("Once.") is blocks("Once.")
