"""What Slack's refusals mean for a message: its place is closed, or it has to wait, or nobody can tell. Pure.

An answer that says `ok: false` means that nothing was sent, except for the codes of Slack's own failures. Codes:
docs.slack.dev, "chat.postMessage", "chat.update" and "conversations.open", errors (2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

from bot.door.messages import TryLater, Unreachable

AWAY = 600.0
"""Seconds until a workspace is tried again that has taken the app's token away: an operator mends that, or it has
left, and it is forgotten 14 days later."""
UNSAID = 30.0
"""Seconds of patience where Slack asks for some and does not say how much."""

_SETTING = "a setting of the workspace keeps the app from posting there"
_GONE = "the account is closed"
PLACES: Mapping[str, tuple[str, str]] = {
    "channel_not_found": ("it is gone, or it is private and the app is not in it", _GONE),
    "not_in_channel": ("the app is not in it (to add it, type /invite there)", _GONE),
    "is_archived": ("the channel is archived", _GONE),
    "channel_is_limited_access": (_SETTING, _SETTING),
    "restricted_action": (_SETTING, _SETTING),
    "restricted_action_non_threadable_channel": (_SETTING, _SETTING),
    "restricted_action_read_only_channel": (_SETTING, _SETTING),
    "restricted_action_thread_only_channel": (_SETTING, _SETTING),
    "posting_to_channel_denied": (_SETTING, _SETTING),
    "cannot_dm_bot": ("the channel belongs to a bot", "the account is a bot"),
    "user_is_bot": ("the channel belongs to a bot", "the account is a bot"),
    "user_disabled": (_GONE, _GONE),
    "user_not_found": (_GONE, _GONE),
    "users_not_found": (_GONE, _GONE),
    "user_not_visible": (_GONE, "the app is not allowed to see the account"),
    "user_is_restricted": (_SETTING, _SETTING),
}
"""What follows "I can no longer post there:", about a channel and about a person."""

_RATES = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_TOKENS = frozenset(
    {
        "accesslimited",
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_added_to_org",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
_APP = frozenset({"messages_tab_disabled"})
"""What its operator has to set right: were it taken for closed doors, everybody's reminders would be paused."""

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", *PLACES})
"""A message that nothing can take the place of any more."""
PICTURES = frozenset(
    {"invalid_blocks", "slack_connect_file_link_sharing_blocked", "slack_connect_file_upload_sharing_blocked"}
)
"""What Slack may have against the pictures of a message alone."""
UNREADABLE = frozenset(
    {"access_denied", "method_not_supported_for_channel_type", "missing_scope", "no_permission", *PLACES}
)
"""Slack does not let us read what stands in a channel."""


def code(error: SlackApiError) -> str:
    """Slack's word for a refusal; empty where there is none, and for its own failures."""
    status = getattr(error.response, "status_code", 0)
    said = getattr(error.response, "data", None)
    if status == 429:
        return "ratelimited"
    if status != 200 or not isinstance(said, Mapping):
        return ""
    return str(said.get("error", ""))


def meaning(error: SlackApiError, *, is_direct: bool) -> Unreachable | TryLater | None:
    """What is known after a refusal of a post; None: whether it was sent, or whether it ever can be, is not.

    None is also for codes that are not known here, and for words that Slack does not take: delivery asks after the
    message, tries it again after longer and longer waits, and gives it up in the end. No door is closed for it, and
    it does not go round for as long as the message would be of use.

    Slack limits posts in a channel and in a workspace and does not say which it was: so the workspace waits, for the
    few seconds that Slack names, rather than a wave of reminders that is refused one by one.
    """
    said = code(error)
    if said in _RATES:
        return TryLater(_seconds(error), "workspace")
    if said in _TOKENS | _APP:
        return TryLater(AWAY, "workspace")
    if said in PLACES:
        return Unreachable(PLACES[said][is_direct])
    return None


def _seconds(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", {})
    asked = next((v for name, v in headers.items() if name.lower() == "retry-after"), "")
    try:
        return max(1.0, float(asked))
    except ValueError:
        return UNSAID
