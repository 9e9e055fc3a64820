"""The JSON Schemas of content files, from which editors complete and check while somebody types."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel

from bot.catalogue.guidance import Page
from bot.catalogue.problem import Problem
from bot.catalogue.role import RoleGuide


class Kind(StrEnum):
    """The kinds of files that come in numbers."""

    PROBLEM = "problem"
    ROLE = "role"
    PAGE = "page"


_SHAPES: dict[Kind, type[BaseModel]] = {Kind.PROBLEM: Problem, Kind.ROLE: RoleGuide, Kind.PAGE: Page}


def schema_file(folder: Path, kind: Kind = Kind.PROBLEM) -> Path:
    return folder / f"{kind}.schema.json"


def schema_text(kind: Kind = Kind.PROBLEM) -> str:
    """The schema as it is committed: JSON, two spaces, a final line end."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_SHAPES[kind].model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
