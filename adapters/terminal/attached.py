"""Values of a form that a script keeps in files beside it: `answer=@FILE`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.door.messages import Form
from bot.errors import RolecallError


def read_files(values: Mapping[str, str], form: Form, folder: Path) -> dict[str, str]:
    """The values; for `@FILE` in a field that takes a text, what the file holds. Raises RolecallError."""
    texts = {f.name for f in form.fields if f.kind == "paragraph"}
    return {n: _text(folder, v[1:]) if n in texts and v.startswith("@") else v for n, v in values.items()}


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text("utf-8", errors="replace").removesuffix("\n")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "that is no name of a file"
        raise RolecallError(f"I cannot read the file {name}: {why}.") from error
