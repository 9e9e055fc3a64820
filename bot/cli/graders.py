"""Which graders the settings ask for, and the caps on what they may spend. How they grade is not decided here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from bot.errors import RolecallError
from bot.grading.cascade import Cascade
from bot.grading.deterministic import THRESHOLD, DeterministicGrader
from bot.grading.evidence import FILES, EvidenceFinder, SentenceModel
from bot.grading.grader import Grader
from bot.grading.llm import MAKERS, Endpoint, LlmGrader
from bot.settings import Settings
from bot.store.session import Store
from bot.store.spending import Caps, Spending


def cascade(store: Store, settings: Settings, first: Grader | None = None) -> Cascade:
    """The graders that are set up, `first` in the place of the built-in one; and the finder of evidence, if any."""
    model = llm_grader(settings)
    first = first or DeterministicGrader(settings.review_threshold or THRESHOLD)
    return Cascade(first, model, Spending(store, _caps(settings)) if model else None, evidence_finder(settings))


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


def evidence_finder(settings: Settings) -> EvidenceFinder | None:
    """The sentence model that is set up, not yet loaded; None without one. RolecallError says what it lacks."""
    if not settings.semantic_model:
        return None
    folder = Path(settings.semantic_model).expanduser().absolute()
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise RolecallError(
            f"ROLECALL_SEMANTIC_MODEL names {folder}, where there is no {' and no '.join(missing)}. "
            "Name the folder of a sentence model that was exported to ONNX, or leave the setting empty."
        )
    if any(find_spec(module) is None for module in ("onnxruntime", "tokenizers")):
        raise RolecallError("ROLECALL_SEMANTIC_MODEL needs the extra semantic. Run: pip install 'rolecall[semantic]'")
    return EvidenceFinder(SentenceModel(folder))


def maker_of(settings: Settings) -> str:
    """Whose language model reads answers, as members are told; empty without one."""
    if not settings.llm_model:
        return ""
    maker = settings.llm_model.partition(":")[0]
    return {"openai": "OpenAI", "anthropic": "Anthropic"}.get(maker, maker) if not settings.llm_base_url else "our own"


def _caps(settings: Settings) -> Caps:
    return Caps(
        calls=settings.llm_daily_calls,
        member_calls=settings.llm_daily_calls_member,
        usd=settings.llm_daily_usd,
        member_usd=settings.llm_daily_usd_member,
    )
