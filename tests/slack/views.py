"""views.*: modals and Home tabs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.slack import outgoing
from tests.slack.api import Api, ApiError, wanted
from tests.slack.validation import check_view
from tests.slack.world import Json, Trigger, View

PUSHES = 2


def open_view(api: Api, arguments: Mapping[str, Any]) -> Json:
    wanted(arguments, "view")
    trigger = _trigger(api, arguments)
    _check(api, arguments["view"], "modal")
    trigger.used = True
    view = api.world.view(api.team.id, trigger.user, arguments["view"])
    api.world.modals[trigger.user] = [view]
    return _answer(api, view)


def push(api: Api, arguments: Mapping[str, Any]) -> Json:
    wanted(arguments, "view")
    trigger = _trigger(api, arguments)
    _check(api, arguments["view"], "modal")
    stack = api.world.modals.get(trigger.user, [])
    if not stack:
        raise ApiError("not_found")
    if len(stack) > PUSHES:
        raise ApiError("push_limit_reached")
    trigger.used = True
    view = api.world.view(api.team.id, trigger.user, arguments["view"], on=stack[-1])
    stack.append(view)
    return _answer(api, view)


def update(api: Api, arguments: Mapping[str, Any]) -> Json:
    wanted(arguments, "view")
    if not arguments.get("view_id") and not arguments.get("external_id"):
        wanted(arguments, "view_id")
    view = next((v for stack in api.world.modals.values() for v in stack if _is_meant(v, arguments)), None)
    if view is None:
        raise ApiError("not_found")
    _check(api, arguments["view"], "modal")
    if arguments.get("hash") and arguments["hash"] != view.hash:
        raise ApiError("hash_conflict")
    api.world.show(view, arguments["view"])
    return _answer(api, view)


def _is_meant(view: View, arguments: Mapping[str, Any]) -> bool:
    external = arguments.get("external_id")
    return view.id == arguments.get("view_id") or bool(external and view.body.get("external_id") == external)


def publish(api: Api, arguments: Mapping[str, Any]) -> Json:
    wanted(arguments, "user_id", "view")
    if not api.rules.home_tab:
        raise ApiError("not_enabled")
    api.person(arguments["user_id"])
    _check(api, arguments["view"], "home")
    view = api.world.homes.get(arguments["user_id"])
    if view is None:
        view = api.world.view(api.team.id, arguments["user_id"], arguments["view"])
        api.world.homes[arguments["user_id"]] = view
    elif arguments.get("hash") and arguments["hash"] != view.hash:
        raise ApiError("hash_conflict")
    else:
        api.world.show(view, arguments["view"])
    return _answer(api, view)


def _trigger(api: Api, arguments: Mapping[str, Any]) -> Trigger:
    """Good once, for three seconds. Raises ApiError."""
    wanted(arguments, "trigger_id")
    trigger = api.world.triggers.get(arguments["trigger_id"])
    if trigger is None or trigger.team != api.team.id:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if api.world.clock() - trigger.at > timedelta(seconds=api.rules.trigger_seconds):
        raise ApiError("expired_trigger_id")
    return trigger


def _check(api: Api, view: Any, kind: str) -> None:
    if not isinstance(view, dict) or view.get("type") != kind:
        raise ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] view is no {kind}"]})
    check_view(view, api.world.ready_files())


def _answer(api: Api, view: View) -> Json:
    return {"ok": True, "view": outgoing.view_of(api.world, view)}


METHODS = {"views.open": open_view, "views.push": push, "views.update": update, "views.publish": publish}
