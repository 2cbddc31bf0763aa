"""Twilio's published description of its interface, served by a machine that knows nothing of us.

The description comes from the npm package @twilio/cli-core, the machine is @stoplight/prism-cli:
every request is checked against it, parameter by parameter.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from hotline.settings import ROOT

_MODULES = ROOT / "node_modules"
_PUBLISHED = _MODULES / "@twilio" / "cli-core" / "src" / "services" / "twilio-api"
_PRISM = _MODULES / "@stoplight" / "prism-cli" / "dist" / "index.js"
_FORM = "application/x-www-form-urlencoded"
_WANTED = {
    "twilio_api_v2010.json": "/2010-04-01/Accounts/{AccountSid}/Messages.json",
    "twilio_content_v1.json": "/v1/Content",
}


def need(file: Path = _PRISM) -> None:
    """Skip without the packages; fail where nothing may be skipped."""
    if shutil.which("node") and file.exists():
        return
    strict = os.environ.get("SUAR_TEST_STRICT")  # noqa: TID251
    (pytest.fail if strict else pytest.skip)(f"no {file.name}: run npm install")


def description() -> dict[str, Any]:
    """Put the two descriptions together: the paths we use, with everything they name."""
    whole: dict[str, Any] = {"openapi": "3.0.1", "info": {"title": "Twilio", "version": "1"}}
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for name, path in _WANTED.items():
        published = json.loads((_PUBLISHED / name).read_text(encoding="utf-8"))
        described = published["paths"][path]
        paths[path] = {k: v for k, v in described.items() if k in {"get", "post"}}
        _collect(paths[path], published["components"]["schemas"], schemas)
        whole["components"] = {"securitySchemes": published["components"]["securitySchemes"]}
    whole["components"]["schemas"] = schemas
    return _without_uri({**whole, "paths": paths})


def parameters() -> set[str]:
    """Name every parameter that a message may have."""
    need()
    operation = description()["paths"][_WANTED["twilio_api_v2010.json"]]["post"]
    return set(operation["requestBody"]["content"][_FORM]["schema"]["properties"])


def _collect(part: Any, known: dict[str, Any], found: dict[str, Any]) -> None:
    if isinstance(part, list):
        for one in part:
            _collect(one, known, found)
    elif isinstance(part, dict):
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name and name not in found:
            found[name] = known[name]
            _collect(known[name], known, found)
        for one in part.values():
            _collect(one, known, found)


def _without_uri(part: Any) -> Any:
    """Leave out that something is an address: Twilio's own examples of answers are relative."""
    if isinstance(part, list):
        return [_without_uri(one) for one in part]
    if isinstance(part, dict):
        return {k: _without_uri(v) for k, v in part.items() if (k, v) != ("format", "uri")}
    return part


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Let Prism serve the description; gives its address."""
    need()
    file = folder / "twilio.json"
    file.write_text(json.dumps(description()), encoding="utf-8")
    log = folder / "prism.log"
    # It chooses its port: one that we found free could be another's before it listens.
    command = ["node", str(_PRISM), "mock", "--errors", "-h", "127.0.0.1", "-p", "0"]
    with log.open("wb") as out:
        process = subprocess.Popen([*command, str(file)], stdout=out, stderr=out)
    try:
        address = _address(log, process)
        # The first request takes longer than any other: that must not meet our own time-outs.
        requests.get(address, timeout=120)
        yield address
    finally:
        process.terminate()
        process.wait()


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        if told := re.search(r"listening on (http://127\.0\.0\.1:\d+)\D", log.read_text()):
            return told[1]
        time.sleep(0.1)
    pytest.fail("Prism does not answer")


def signatures(requests: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Have Twilio's JavaScript library sign requests."""
    need(_MODULES / "twilio" / "package.json")
    script = Path(__file__).with_name("sign.js").read_text(encoding="utf-8")
    done = subprocess.run(
        ["node", "-e", script],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]
