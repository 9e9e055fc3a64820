"""What the operator can set. The only reader of the environment."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from platformdirs import user_data_dir
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import RolecallError


def data_folder() -> Path:
    """The folder in which this user's programs keep their data."""
    return Path(user_data_dir("rolecall", appauthor=False))


class Settings(BaseSettings):
    """Read from ROLECALL_… variables and a .env file in the working folder."""

    model_config = SettingsConfigDict(env_prefix="ROLECALL_", env_file=".env", extra="ignore", frozen=True)

    def __init__(self, **values: Any) -> None:
        """RolecallError for a setting that cannot be used, naming it; its value is not repeated, it may be a secret."""
        try:
            super().__init__(**values)
        except ValidationError as error:
            wrong = "; ".join(f"ROLECALL_{str(e['loc'][0]).upper()}: {e['msg'].lower()}" for e in error.errors())
            raise RolecallError(f"A setting cannot be used. {wrong}. Correct it and start again.") from None
        except UnicodeDecodeError:
            raise RolecallError("The file .env is not plain text in UTF-8. Save it as that, then try again.") from None
        except OSError as error:
            raise RolecallError(
                f"The settings in .env cannot be read: {error.strerror}. Let this user read that file, "
                "or start in another folder."
            ) from None

    database: str = ""
    """A file path or an SQLAlchemy URL; empty: rolecall.db in the user's data folder."""
    content: Path | None = None
    """Another content folder than the one that comes with Rolecall."""
    default_zone: str = "UTC"
    """Where a platform does not know a member's zone."""

    slack_bot_token: SecretStr = SecretStr("")
    """xoxb-…; empty: Slack is not served (docs/slack.md)."""
    slack_app_token: SecretStr = SecretStr("")
    """xapp-…, for Socket Mode."""
    slack_signing_secret: SecretStr = SecretStr("")
    """For signed HTTP requests, in the place of Socket Mode."""
    slack_command: str = "rolecall"
    """The slash command, without its slash."""
    slack_host: str = "127.0.0.1"
    slack_port: int = Field(default=3000, ge=1, le=65535)
    """Where signed HTTP requests are awaited."""
    slack_base_url: str = ""
    """Another address of the Web API; empty: Slack's own."""

    discord_token: SecretStr = SecretStr("")
    """The bot's token; empty: Discord is not served (docs/discord.md)."""
    discord_guild: str = ""
    """The id of the only server that lists the commands, for trying things out; empty: they are everywhere."""
    discord_read_threads: bool = False
    """Whether answers typed in the threads of prompts are read, which takes Discord's message-content intent."""
    discord_base_url: str = ""
    """Another address of Discord's API; empty: Discord's own."""

    mailbox: Path | None = None
    """The folder for messages to people at other terminals; empty: beside a SQLite file, or in the data folder."""
    resend_uncertain: bool = True
    """Whether a message that perhaps arrived, on a platform that cannot be asked, is sent again rather than lost."""

    review_threshold: float | None = Field(default=None, ge=0.5, le=0.999)
    """How sure the built-in grader must be of a verdict, or people decide; empty: its own, 0.91 (docs/grading.md)."""

    llm_model: str = ""
    """maker:model, such as openai:gpt-5-mini or anthropic:claude-haiku-4-5; empty: no language model grades."""
    llm_api_key: SecretStr = SecretStr("")
    llm_base_url: str = ""
    """Where the model is reached, if not at its maker's: any address that speaks the maker's API."""
    llm_json_schema: bool = True
    """False for an address that cannot hold a model to a JSON schema."""
    llm_timeout: float = Field(default=30, gt=0, le=90)
    """Seconds for one answer, retries included; less than the two minutes that an answer is claimed for."""
    llm_price_in: float | None = Field(default=None, ge=0)
    llm_price_out: float | None = Field(default=None, ge=0)
    """US dollars per million tokens read and written, where the library's price table does not know them."""
    llm_daily_calls: int = Field(default=1000, ge=0)
    llm_daily_calls_member: int = Field(default=40, ge=0)
    """Answers sent within 24 hours, of all members and of one."""
    llm_daily_usd: float = Field(default=5, ge=0)
    llm_daily_usd_member: float = Field(default=0.5, ge=0)
    """US dollars spent within 24 hours, for all members and for one; unknown prices count as nothing."""

    semantic_model: str = ""
    """A folder with a sentence model that looks for evidence (docs/llm.md); empty: none."""

    @property
    def database_place(self) -> str:
        return self.database or str(data_folder() / "rolecall.db")


PREFIX = "ROLECALL_"
FOR_TESTS = f"{PREFIX}TEST_"


def known_names() -> tuple[str, ...]:
    """The variables that are read."""
    return tuple(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)


def strange_names() -> tuple[str, ...]:
    """Variables of the environment and of .env that begin like a setting's and are none: nobody reads them."""
    given = list(os.environ)
    with suppress(OSError):
        given += re.findall(r"^\s*(?:export\s+)?(\w+)\s*=", Path(".env").read_text(encoding="utf-8"), re.MULTILINE)
    ours = {name.upper() for name in given if name.upper().startswith(PREFIX)}
    return tuple(sorted(name for name in ours.difference(known_names()) if not name.startswith(FOR_TESTS)))
