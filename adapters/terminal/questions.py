"""How a form's current field is asked: what stands above the prompt, and the prompt."""

from __future__ import annotations

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text as Styled

from adapters.terminal import render
from adapters.terminal.filling import Filling
from adapters.terminal.inert import inert_line


def prompt(filling: Filling) -> str:
    """`Time zone [UTC]> `; a bar before each line of a paragraph."""
    if filling.field.kind == "paragraph":
        return "| "
    label = inert_line(filling.field.label)
    labels = {c.value: c.label for c in filling.field.choices}
    initial = inert_line(labels.get(filling.initial, filling.initial))
    return f"{label} [{initial}]> " if initial else f"{label}> "


def parts(filling: Filling, *, plain: bool, opening: bool, has_editor: bool) -> list[RenderableType]:
    """What stands above the prompt: the form's title when it opens, then the hint and the numbered choices."""
    field, form = filling.field, filling.form
    writes = field.kind == "paragraph"
    drawn: list[RenderableType] = []
    if opening:
        title = Styled(inert_line(form.title), "bold")
        keys = "" if writes and len(form.fields) == 1 else " · Enter takes what stands in brackets"
        drawn += [title.append(f"{keys} · cancel leaves", "not bold dim"), Styled()]
    if writes:
        keys = "An empty line ends it" + ("; e alone opens your editor." if has_editor else ".")
        drawn.append(Styled.assemble(inert_line(field.label), ". ", (keys, "dim")))
    if field.hint:
        drawn.append(Styled(inert_line(field.hint), "dim"))
    if writes and filling.initial:
        drawn += [
            Styled("You had written this; an empty line alone sends it:"),
            render.quoted(filling.initial, plain=plain),
        ]
    if filling.choices:
        drawn.append(render.numbered([(c.label, False) for c in filling.choices], plain=plain))
    return [Padding(part, (0, 0, 0, 2)) for part in drawn]
