"""Whatever is sent to the console: no fault of the server, and nothing opens without a session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from hotline.staff import Role
from tests.any_input import operations, try_out
from tests.console.conftest import Office
from tests.console.test_getting_in import PUBLIC

_ENDLESS = {"/events", "/watch/events"}  # they stream until the browser goes
_EXAMPLES = 10


def browser(office: Office) -> TestClient:
    """Give a browser that gets an answer also for a fault, as a real one does."""
    return TestClient(
        office.app,
        follow_redirects=False,
        base_url="http://127.0.0.1:8081",
        raise_server_exceptions=False,
    )


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.RESPONDER])
def test_nothing_that_is_sent_breaks_a_page(office: Office, role: Role) -> None:
    """Every route, by somebody who is let in: refused, not found or done, never a fault."""
    report = office.report(region="5371")
    ani = office.hire("ani", role)
    ani.browser = browser(office)
    faults: list[tuple[str, str, int]] = []
    answers: set[int] = set()
    seen = 0

    def send(method: str, url: str, more: Mapping[str, Any]) -> None:
        headers = {"x-csrf-token": csrf}
        answer = ani.browser.request(method, url, headers=headers, **more)
        answers.add(answer.status_code)
        if answer.status_code >= 500:
            faults.append((method, url, answer.status_code))

    for operation in operations(office.app):
        if operation.path in {*_ENDLESS, "/logout"}:
            continue
        if ani.browser.get("/account").status_code != 200:  # one of the requests ended the session
            office.clock.advance(16 * 60)
            assert ani.log_in().status_code == 303
        csrf = ani.csrf()
        try_out(operation, send, examples=_EXAMPLES, paths={"code": report.code, "id_": "1"})
        seen += 1
    assert faults == []
    assert seen > 80
    assert {200, 303, 403, 404, 422} <= answers, "the requests get further than the door"


def test_without_a_session_nothing_opens_whatever_is_sent(office: Office) -> None:
    """Closed routes lead to the log-in or refuse; they do not even say what was wrong with it."""
    report = office.report("rahasia besar Siti", region="5371")
    stranger, opened, seen = browser(office), [], 0

    def send(method: str, url: str, more: Mapping[str, Any]) -> None:
        answer = stranger.request(method, url, **more)
        closed = answer.status_code in {303, 401} or (
            answer.status_code == 404 and "/%2F" in url.replace("//", "/%2F")
        )
        if not closed or "rahasia besar" in answer.text:
            opened.append((method, url, answer.status_code))

    for operation in operations(office.app):
        if operation.path not in PUBLIC:
            try_out(operation, send, examples=4, paths={"code": report.code, "id_": "1"})
            seen += 1
    assert opened == []
    assert seen > 80


def test_the_console_describes_itself_to_nobody(office: Office) -> None:
    """The description that these tests use is not handed out, with or without a session."""
    ani = office.hire("ani", Role.SUPERVISOR)
    for path in ("/openapi.json", "/docs", "/redoc"):
        assert ani.browser.get(path).status_code == 404
        assert office.browser().get(path).status_code == 404
