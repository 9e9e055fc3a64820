"""Which graders the settings ask for, and the caps on what they may spend. How they grade is not decided here."""

from __future__ import annotations

from importlib.util import find_spec

from bot.errors import RolecallError
from bot.grading.cascade import Cascade
from bot.grading.deterministic import THRESHOLD, DeterministicGrader
from bot.grading.grader import Grader
from bot.grading.llm import MAKERS, Endpoint, LlmGrader
from bot.settings import Settings
from bot.store.session import Store
from bot.store.spending import Caps, Spending


def cascade(store: Store, settings: Settings, first: Grader | None = None) -> Cascade:
    """The graders that are set up: the built-in one, or another as the first, and a language model if there is one."""
    model = llm_grader(settings)
    first = first or DeterministicGrader(settings.review_threshold or THRESHOLD)
    return Cascade(first, model, Spending(store, _caps(settings)) if model else None)


def llm_grader(settings: Settings) -> LlmGrader | None:
    """The language model that is set up; None without one. RolecallError says which setting is wrong."""
    if not settings.llm_model:
        return None
    maker, _, model = settings.llm_model.partition(":")
    if maker not in MAKERS or not model:
        raise RolecallError("ROLECALL_LLM_MODEL is written maker:model, with anthropic or openai as the maker.")
    if not settings.llm_api_key.get_secret_value() and not settings.llm_base_url:
        raise RolecallError(f"ROLECALL_LLM_MODEL names a model of {maker}, which needs ROLECALL_LLM_API_KEY as well.")
    if find_spec("pydantic_ai") is None:
        raise RolecallError("ROLECALL_LLM_MODEL needs the extra llm. Run: pip install 'rolecall[llm]'")
    endpoint = Endpoint(
        maker=maker,
        model=model,
        api_key=settings.llm_api_key,
        base_url=settings.llm_base_url,
        json_schema=settings.llm_json_schema,
        price_in=settings.llm_price_in,
        price_out=settings.llm_price_out,
    )
    return LlmGrader(endpoint, seconds=settings.llm_timeout)


def _caps(settings: Settings) -> Caps:
    return Caps(
        calls=settings.llm_daily_calls,
        member_calls=settings.llm_daily_calls_member,
        usd=settings.llm_daily_usd,
        member_usd=settings.llm_daily_usd_member,
    )
