"""One conversation with a language model: the request, one retry where something passing fails, one where the reply
does not stand. The only module that imports the library; it knows nothing of what the verdicts are for.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI
from pydantic_ai import Agent, ModelRetry, NativeOutput, PromptedOutput, RunContext
from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.exceptions import (
    ModelConnectionError,
    ModelOverloadedError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelServerError,
    ModelTimeoutError,
    ModelUnavailableError,
    RetryModelRequest,
)
from pydantic_ai.messages import ModelResponse
from pydantic_ai.models import Model, ModelRequestContext
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage

from bot.grading.llm import Endpoint, Reason, Spent, UnansweredError
from bot.grading.llm_prompt import Asked, Reading
from bot.grading.llm_reading import Examined, examine

MOST_TOKENS = 8_000
"""Tokens of a reply, thinking included; a reply to eight criteria has about 1,000."""

PAUSE = 0.5
"""Seconds before the second try where the service names none."""

ADDRESSES = {"anthropic": "https://api.anthropic.com", "openai": "https://api.openai.com/v1"}

log = structlog.get_logger()

# Models that reason take no temperature: the library leaves it out by itself and need not say so each time.
warnings.filterwarnings("ignore", message="Sampling parameters")


def converse(endpoint: Endpoint, asked: Asked, seconds: float) -> tuple[Examined, Spent]:
    """What stands of the model's reply, within `seconds`; UnansweredError where nothing does.

    A reply with faults is asked for once more, with the faults named; what is still wrong then is unsure. Where
    that second request fails, what stood of the first reply counts.
    """
    return asyncio.run(_converse(endpoint, asked, seconds))


async def _converse(endpoint: Endpoint, asked: Asked, seconds: float) -> tuple[Examined, Spent]:
    usage = RunUsage()
    heard: Examined | None = None
    reason = Reason.UNUSABLE

    def check(ctx: RunContext[None], reading: Reading) -> Reading:
        nonlocal heard
        heard = examine(asked, reading)
        if heard.faults and ctx.retry == 0:
            raise ModelRetry("\n".join([*heard.faults, "Reply again with the whole corrected object."]))
        return reading

    deadline = asyncio.get_running_loop().time() + seconds
    try:
        async with asyncio.timeout_at(deadline), _model(endpoint, seconds) as model:
            agent = Agent[None, Reading](
                model,
                output_type=(NativeOutput if _takes_schema(endpoint, model) else PromptedOutput)(
                    Reading, name="reading"
                ),
                instructions=asked.system,
                retries={"output": 1},
                model_settings=ModelSettings(temperature=0, max_tokens=MOST_TOKENS, framing_announcement="never"),
                capabilities=[_OneMoreTry(deadline)],
            )
            agent.output_validator(check)
            await agent.run(asked.user, usage=usage)
    # The library and the two below it raise far more than they document, and no answer may be lost to that.
    # Messages and bodies are not logged: a service may repeat the key or the answer in them.
    except Exception as error:
        reason = _reason(error)
        status = getattr(error, "status_code", None)
        log.warning("llm_failed", reason=str(reason), error=type(error).__name__, status=status, model=endpoint.name)
    spent = Spent(usage.input_tokens, usage.output_tokens, _cost(endpoint, usage))
    if heard is None:
        raise UnansweredError(reason, spent) from None
    return heard, spent


@asynccontextmanager
async def _model(endpoint: Endpoint, seconds: float) -> AsyncIterator[Model]:
    """The model over a connection of its own; no setting is taken from the environment of another program."""
    key = endpoint.api_key.get_secret_value() or "none"
    address = endpoint.base_url or ADDRESSES[endpoint.maker]
    if endpoint.maker == "anthropic":
        async with AsyncAnthropic(api_key=key, base_url=address, max_retries=0, timeout=seconds) as anthropic:
            yield AnthropicModel(endpoint.model, provider=AnthropicProvider(anthropic_client=anthropic))
        return
    async with AsyncOpenAI(api_key=key, base_url=address, max_retries=0, timeout=seconds) as openai:
        own = OpenAICompatibleProvider("openai-compatible", openai_client=openai) if endpoint.base_url else None
        yield OpenAIChatModel(endpoint.model, provider=own or OpenAIProvider(openai_client=openai))


def _takes_schema(endpoint: Endpoint, model: Model) -> bool:
    return endpoint.json_schema and bool(model.profile.get("supports_json_schema_output"))


class _OneMoreTry(AbstractCapability[None]):
    """A second try after what passes by itself, when the time that the service asks for is there."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline

    async def on_model_request_error(
        self, ctx: RunContext[None], *, request_context: ModelRequestContext, error: Exception
    ) -> ModelResponse:
        passing = isinstance(
            error, ModelRateLimitError | ModelUnavailableError | ModelServerError | ModelConnectionError
        ) and not isinstance(error, ModelTimeoutError)
        if not passing or request_context.attempt > 1:
            raise error
        asked_for = getattr(error, "retry_after", None)
        wait = PAUSE if asked_for is None else asked_for
        if asyncio.get_running_loop().time() + wait >= self.deadline:
            raise error
        await asyncio.sleep(wait)
        raise RetryModelRequest()


def _reason(error: Exception) -> Reason:
    if isinstance(error, TimeoutError | ModelTimeoutError):
        return Reason.SLOW
    if isinstance(error, ModelRateLimitError | ModelOverloadedError):
        return Reason.BUSY
    if isinstance(error, ModelConnectionError | ModelServerError | ModelUnavailableError):
        return Reason.DOWN
    if isinstance(error, ModelRequestRejectedError | ModelQuotaExceededError):
        return Reason.REFUSED
    return Reason.UNUSABLE


def _cost(endpoint: Endpoint, usage: RunUsage) -> float | None:
    if endpoint.price_in is not None and endpoint.price_out is not None:
        return (usage.input_tokens * endpoint.price_in + usage.output_tokens * endpoint.price_out) / 1_000_000
    return None if usage.cost is None else float(usage.cost)
