"""Sends an application what its OpenAPI description allows, and some that it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation

# The same examples at every run: what fails here fails for everybody.
SAME = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}
# Hypothesis draws these seldom; they are what databases, logs and pages stumble over.
_AWKWARD = ("\x00", "a\x00b", "\ud7ff\uffff", "9" * 40, "-1", "' or 1=1 --", "%s{{7*7}}", " ")


def operations(app: FastAPI) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    """Give every route of an application; outside of tests there is no description of it."""
    assert app.openapi_url is None
    for found in schemathesis.openapi.from_dict(app.openapi()).get_all_operations():
        yield found.ok()


def try_out(
    operation: APIOperation[Any, Any, Any, Any],
    send: Callable[[str, str, Mapping[str, Any]], None],
    *,
    examples: int,
    paths: Mapping[str, str],
) -> None:
    """Send some requests; `paths` are what leads deeper than an invented name would."""
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE])

    @settings(max_examples=examples, **SAME)
    @given(st.data(), modes, st.booleans(), st.sampled_from(_AWKWARD))
    def one(data: st.DataObject, mode: GenerationMode, known: bool, awkward: str) -> None:
        case: Case = data.draw(operation.as_strategy(generation_mode=mode))
        inside = (
            _in(operation.path, paths)
            if known
            else dict.fromkeys(_texts(operation), quote(awkward, safe=""))
        )
        case.path_parameters = {**(case.path_parameters or {}), **inside}
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8081")
        more = {name: sent[name] for name in ("params", "json") if sent.get(name)}
        if sent.get("params") and known:
            more["params"] = {**sent["params"], sorted(sent["params"])[0]: awkward}
        if isinstance(sent.get("data"), dict):
            more["data"] = _flat(sent["data"])
            # One field after the other: with all of them wrong only the first would be looked at.
            if more["data"] and known:
                more["data"][data.draw(st.sampled_from(sorted(more["data"])))] = awkward
        send(operation.method.upper(), sent["url"], more)

    one()


def _texts(operation: APIOperation[Any, Any, Any, Any]) -> list[str]:
    """Name the parts of a path that are words, not numbers."""
    found = operation.path_parameters
    return [one.name for one in found if one.definition["schema"].get("type") == "string"]


def _in(path: str, known: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in known.items() if f"{{{name}}}" in path}


def _flat(form: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Give a form as a browser could send it: words and lists of words."""
    return {
        name: [str(one) for one in value] if isinstance(value, list) else str(value)
        for name, value in form.items()
    }
