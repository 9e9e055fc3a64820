"""The JSON Schema of a problem file, from which editors complete and check while somebody types."""

from __future__ import annotations

import json
from pathlib import Path

from bot.catalogue.problem import Problem


def schema_file(folder: Path) -> Path:
    return folder / "problem.schema.json"


def schema_text() -> str:
    """The schema as it is committed: JSON, two spaces, a final line end."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Problem.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
