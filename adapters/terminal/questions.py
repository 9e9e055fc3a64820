"""How a form's current field is asked: what stands above the prompt, and the prompt."""

from __future__ import annotations

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text as Styled

from adapters.inert import inert_line
from adapters.terminal import render
from adapters.terminal.filling import Filling
from bot.door.messages import clip

GOES_ON = "You had written this. What you type now is added to it; an empty line sends it"
TOO_LONG = "You had written this, which does not fit. What you type now takes its place"
EDITOR = "; e opens it in your editor"


def prompt(filling: Filling) -> str:
    """`[UTC]> `: what Enter alone takes; a bar before each line of a paragraph."""
    if filling.field.kind == "paragraph":
        return "| "
    labels = {c.value: c.label for c in filling.field.choices}
    initial = clip(inert_line(labels.get(filling.initial, filling.initial)), 40)
    return f"[{initial}]> " if initial else "> "


def parts(filling: Filling, *, plain: bool, opening: bool, has_editor: bool) -> list[RenderableType]:
    """What stands above the prompt: the form's title when it opens, the label and hint, the numbered choices."""
    field, form = filling.field, filling.form
    writes = field.kind == "paragraph"
    drawn: list[RenderableType] = []
    if opening:
        keys = "cancel leaves" if writes and len(form.fields) == 1 else "Enter takes what stands in [ ], cancel leaves"
        drawn += [Styled.assemble((inert_line(form.title), "bold"), (f" · {keys}", "dim")), Styled()]
    asks = Styled(inert_line(field.label), "bold")
    if field.hint:
        asks.append(f" · {inert_line(field.hint)}", "not bold dim")
    drawn.append(asks)
    if writes:
        drawn.append(Styled("An empty line ends it" + ("; e alone opens your editor." if has_editor else "."), "dim"))
    if writes and filling.initial:
        begun = render.quoted(filling.initial, plain=plain)
        way = GOES_ON if filling.goes_on else TOO_LONG
        drawn += [Styled(), Styled(way + (EDITOR if has_editor else "") + ":"), begun]
    if filling.choices:
        drawn.append(render.numbered([(c.label, False) for c in filling.choices], plain=plain))
    return [Padding(part, (0, 0, 0, 2)) for part in drawn]
