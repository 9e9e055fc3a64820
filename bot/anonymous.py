"""What somebody wrote, without names: for those who read it and are not to learn who wrote it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

NAME = 3
"""Letters from which a name is looked for in the text; shorter ones are words."""


def without_names(text: str, names: Sequence[str]) -> str:
    """The text with each name, whole words in any case, made an ellipsis."""
    parts = {part for name in names for part in (name, *name.split()) if len(part) >= NAME}
    for part in sorted(parts, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text
