"""What the operator can set. The only reader of the environment."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_dir
from pydantic_settings import BaseSettings, SettingsConfigDict


def data_folder() -> Path:
    """The folder in which this user's programs keep their data."""
    return Path(user_data_dir("rolecall", appauthor=False))


class Settings(BaseSettings):
    """Read from ROLECALL_… variables and a .env file in the working folder."""

    model_config = SettingsConfigDict(env_prefix="ROLECALL_", env_file=".env", extra="ignore", frozen=True)

    database: str = ""
    """A file path or an SQLAlchemy URL; empty: rolecall.db in the user's data folder."""
    content: Path | None = None
    """Another content folder than the one that comes with Rolecall."""
    default_zone: str = "UTC"
    """Where a platform does not know a member's zone."""

    @property
    def database_place(self) -> str:
        return self.database or str(data_folder() / "rolecall.db")
