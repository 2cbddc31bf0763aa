"""Nobody but Twilio gets through its webhooks, and Twilio always does."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from channels.twilio.signature import genuine, read_form
from store import db
from store.tables import inbox
from store.vault import Vault
from tests.channels.twilio.provider import TOKEN
from tests.channels.twilio.stand import (
    PUBLIC,
    incoming,
    settings_of,
    signed,
    signed_json,
    status,
)
from tests.channels.twilio.webhooks import PATH, STATUS, gateway, stored


def _without(name: str, request: dict[str, object]) -> dict[str, object]:
    headers = dict(request["headers"])  # type: ignore[call-overload]
    del headers[name]
    return {**request, "headers": headers}


FORGED = {
    "no signature": lambda: _without("X-Twilio-Signature", signed(incoming())),
    "another's token": lambda: signed(incoming(), token="f" * 32),
    "another host": lambda: signed(incoming(), url="https://evil.example/webhooks/twilio"),
    "the address as the proxy sees it": lambda: signed(
        incoming(), url="http://gateway:8080/webhooks/twilio"
    ),
    "another path": lambda: signed(incoming(), STATUS),
    "a changed field": lambda: {
        **signed(incoming("halo")),
        "content": signed(incoming("hola"))["content"],
    },
    "a field more": lambda: {
        **signed(incoming("halo")),
        "content": bytes(signed(incoming("halo"))["content"]) + b"&x=",  # type: ignore[call-overload]
    },
    "no type": lambda: _without("Content-Type", signed(incoming())),
    "another type": lambda: {
        **signed(incoming()),
        "headers": {
            **signed(incoming())["headers"],  # type: ignore[dict-item]
            "Content-Type": "multipart/form-data; boundary=x",
        },
    },
    "JSON without its hash": lambda: {
        **signed({}),
        "headers": {**signed({})["headers"], "Content-Type": "application/json"},  # type: ignore[dict-item]
        "content": b"{}",
    },
    "no text": lambda: {**signed({}), "content": b"\xff\xfe"},
    "far too many fields": lambda: signed({f"f{n}": "" for n in range(600)}),
    "far too long": lambda: signed(incoming("x" * 200_000)),
    "an algorithm nobody knows": lambda: {
        **signed(incoming()),
        "headers": {
            **signed(incoming())["headers"],  # type: ignore[dict-item]
            "X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=NONE",
        },
    },
}


@pytest.mark.parametrize("name", FORGED)
def test_what_twilio_did_not_sign_is_refused_without_a_word(
    client: TestClient, vault: Vault, name: str
) -> None:
    """The forger does not learn what was wrong, and nothing is stored."""
    answer = client.post(PATH, **FORGED[name]())
    assert (answer.status_code, answer.content) == (403, b"")
    assert stored(vault) == []


def test_a_host_header_of_the_forger_opens_nothing(client: TestClient, vault: Vault) -> None:
    """Only the public address of the settings counts, whatever the request says of itself."""
    request = signed(incoming(), url="https://evil.example/webhooks/twilio")
    request["headers"] = {
        **request["headers"],  # type: ignore[dict-item]
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    assert client.post(PATH, **request).status_code == 403
    assert stored(vault) == []


def test_blank_and_repeated_fields_and_a_query_are_part_of_the_signature(
    client: TestClient, vault: Vault
) -> None:
    """As Twilio's library counts them."""
    pairs = [*incoming().items(), ("FromCity", ""), ("X", "b"), ("X", "a"), ("Y", "ü ñ 'q' %")]
    path = f"{PATH}?tag=it's+%C3%BC&empty="
    assert client.post(path, **signed(pairs, path)).status_code == 200
    assert len(stored(vault)) == 1
    assert client.post(f"{PATH}?tag=other", **signed(pairs, path)).status_code == 403


def test_a_json_request_is_proven_by_its_hash(client: TestClient, vault: Vault) -> None:
    """With the same names it is read like a form; another body under its signature is refused."""
    path, request = signed_json(incoming("saya dikurung ü"), PATH)
    assert client.post(path, **{**request, "content": b'{"Body": "y"}'}).status_code == 403
    for _ in range(2):
        assert client.post(path, **request).status_code == 200
    assert stored(vault) == ["saya dikurung ü"]


def test_numbers_in_json_are_words_and_the_rest_is_left_out(
    client: TestClient, vault: Vault
) -> None:
    """A place may come as numbers; a broken emoji must not lose the message."""
    fields = {**incoming("di sini \ud83d"), "Latitude": 1.5, "Longitude": 103, "Extra": {"a": [1]}}
    path, request = signed_json(fields, PATH)
    assert client.post(path, **request).status_code == 200
    assert stored(vault) == ["di sini \ufffd"]
    with db.read(vault.engine) as connection:
        assert connection.execute(sa.select(inbox.c.kind)).scalar_one() == "location"


@pytest.mark.parametrize(
    "body", [{"event": "x", "text": "ü"}, [incoming()], "halo", None, [[[]]] * 50, {}]
)
def test_json_that_is_no_message_is_refused_with_the_reason(
    client: TestClient, vault: Vault, body: object
) -> None:
    """Twilio shows the answer in its log; a quiet 200 would hide a wrong setting for ever."""
    path, request = signed_json(body, PATH)
    answer = client.post(path, **request)
    assert answer.status_code == 415
    assert "docs/connect-twilio.md" in answer.text
    assert stored(vault) == []


def test_a_status_may_come_as_json_too(client: TestClient) -> None:
    """Whoever forwards webhooks may turn all of them into JSON."""
    path, request = signed_json(status("delivered"), STATUS)
    assert client.post(path, **request).status_code == 200


def test_a_shared_key_signs_with_sha256(vault: Vault, tmp_path: Path) -> None:
    """Where the account has one; the auth token no longer opens such a request."""
    for client in gateway(vault, tmp_path, SUAR_TWILIO_SHARED_KEY="geheim"):
        for token, code in (("geheim", 200), (TOKEN, 403)):
            request = signed(incoming(), token=token)
            sign = RequestValidator(token).compute_signature
            request["headers"] = {
                **request["headers"],  # type: ignore[dict-item]
                "X-Twilio-Signature": sign(PUBLIC + PATH, incoming(), "HMAC_SHA256"),
                "X-Twilio-Webhooks-Signature-Settings": "key=k1,algorithm=HMAC_SHA256",
            }
            assert client.post(PATH, **request).status_code == code
        assert client.post(PATH, **signed(incoming())).status_code == 200


@how(max_examples=200)
@given(
    st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=8),
    st.text(alphabet="abc?&=%+'\"/ü😢 ", max_size=12),
)
def test_whatever_twilio_signs_is_known_again(pairs: list[tuple[str, str]], query: str) -> None:
    """Any field, any letter, any query; and with one letter changed it is not."""
    twilio = settings_of(Path("/nowhere")).channels.twilio
    assert twilio is not None
    url = PUBLIC + PATH + (f"?{quote(query, safe='&=+')}" if query else "")
    request = signed(pairs, url=url)
    form = read_form(bytes(request["content"]))  # type: ignore[call-overload]
    headers = request["headers"]
    assert isinstance(headers, dict)
    known = headers["X-Twilio-Signature"]
    assert genuine(twilio, url=url, sent=form, signature=known, signed_with="")
    changed = ("A" if known[0] != "A" else "B") + known[1:]
    assert not genuine(twilio, url=url, sent=form, signature=changed, signed_with="")
    assert not genuine(twilio, url=url + "x", sent=form, signature=known, signed_with="")


def test_a_refused_request_leaves_nothing_in_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A stranger must not fill the log, and what he sends may be somebody's words."""
    caplog.set_level(logging.INFO, "channels")
    client.post(PATH, **signed(incoming("rahasia"), token="f" * 32))
    assert not [one for one in caplog.records if one.name.startswith("channels")]
