"""What leaves for Telegram, and what each way of failing comes to."""

import json
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.telegram.line import Line
from channels.telegram.sending import TelegramTransport, make_transport
from hotline.delivery import Delivery, End, Parcel
from hotline.environment import SettingsError
from hotline.messages import Choice, Purpose, Reply
from hotline.settings import Settings, load_settings
from tests.channels.telegram.emulator import (
    Emulator,
    make_token,
    settings_of,
    telegram_of,
    wait_until,
)
from tests.fakes import Clock
from tests.nobody import nobody_at

SITI = "770001"
BUDI = "770002"


def parcel(
    text: str = "Apa kabar?", *choices: Choice, address: str = SITI, number: int = 17
) -> Parcel:
    """Make a message on its way to Siti."""
    return Parcel(
        id=number,
        conversation="c" * 32,
        channel="telegram",
        transport="telegram",
        address=address,
        language="id",
        reply=Reply(text, choices),
        purpose=Purpose.ANSWER,
        attempts=0,
    )


@pytest.fixture
def transport(settings: Settings) -> Iterator[TelegramTransport]:
    """Give the transport to the emulator."""
    made = make_transport(settings)
    yield made
    made.close()


def last_call(api: Emulator) -> dict[str, str]:
    """Give what the emulator was asked last."""
    return api.calls("sendMessage")[-1]


def test_a_text_arrives_as_it_is(api: Emulator, transport: TelegramTransport) -> None:
    """No mark-up is read into it, and no page is shown in advance."""
    words = "Gaji *pokok* <b>RM1.700</b>_ https://example.org 😊"
    done = transport.send(parcel(words))
    assert done.end is End.SENT
    assert done.provider_id
    call = last_call(api)
    assert (call["chat_id"], call["text"]) == (SITI, words)
    assert "parse_mode" not in call
    assert json.loads(call["link_preview_options"]) == {"is_disabled": True}
    assert "reply_markup" not in call


def test_choices_become_buttons_that_name_the_message(
    api: Emulator, transport: TelegramTransport
) -> None:
    """One a row; the data fit Telegram's 64 bytes whatever the number."""
    choices = (Choice("Lapor masalah", "/report_trafficking"), Choice("Tanya", "/ask"))
    transport.send(parcel("Pilih:", *choices, number=2**62))
    rows = json.loads(last_call(api)["reply_markup"])["inline_keyboard"]
    assert rows == [
        [{"text": "Lapor masalah", "callback_data": f"c:{2**62}:1"}],
        [{"text": "Tanya", "callback_data": f"c:{2**62}:2"}],
    ]
    assert all(len(row[0]["callback_data"].encode()) <= 64 for row in rows)


def test_a_choice_that_asks_the_phone_stands_on_a_keyboard(
    api: Emulator, transport: TelegramTransport
) -> None:
    """Beside it the other choices, as plain words."""
    choices = (
        Choice("Kirim nomor saya", "/ask_contact"),
        Choice("Kirim lokasi", "/ask_location"),
        Choice("Lewati", "/skip"),
    )
    transport.send(parcel("Nomor?", *choices))
    keyboard = json.loads(last_call(api)["reply_markup"])
    assert keyboard["keyboard"] == [
        [{"text": "Kirim nomor saya", "request_contact": True}],
        [{"text": "Kirim lokasi", "request_location": True}],
        [{"text": "Lewati"}],
    ]
    assert keyboard["one_time_keyboard"]


@pytest.mark.parametrize(
    ("text", "address", "code", "end"),
    [
        ("😊" * 2049, SITI, "400-too-long", End.REFUSED),
        (" \n", SITI, "400-empty", End.REFUSED),
        ("halo", "@seseorang", "400-no-chat", End.UNREACHABLE),
    ],
)
def test_what_telegram_would_refuse_is_not_sent(
    api: Emulator, transport: TelegramTransport, text: str, address: str, code: str, end: End
) -> None:
    """Telegram counts UTF-16 units: most faces are two."""
    before = len(api.calls("sendMessage"))
    done = transport.send(parcel(text, address=address))
    assert (done.end, done.code) == (end, code)
    assert len(api.calls("sendMessage")) == before


def test_the_longest_text_goes_out(transport: TelegramTransport) -> None:
    """4,096 units."""
    assert transport.send(parcel("😊" * 2048)).end is End.SENT


def test_a_blocked_bot_is_told(api: Emulator, transport: TelegramTransport) -> None:
    """With words for the responder, and for this caller only."""
    blocked = "Forbidden: bot was blocked by the user"
    api.fail("sendMessage", status=403, description=blocked)
    assert transport.send(parcel()) == Delivery(
        end=End.UNREACHABLE, code="403-blocked", words="Penelepon memblokir bot di Telegram."
    )


def test_a_limit_of_one_caller_is_not_everybodys(api: Emulator, line: Line, clock: Clock) -> None:
    """Two callers limited at the same time are: then it is the bot."""
    transport = TelegramTransport(line, clock)
    api.fail("sendMessage", 3, status=429, description="Too Many Requests", retry_after=7)
    first = transport.send(parcel())
    assert (first.end, first.retry_after, first.everyone) == (End.RETRY, 7.0, False)
    clock.advance(6)
    assert not transport.send(parcel()).everyone
    clock.advance(6)
    assert transport.send(parcel(address=BUDI)).everyone


def test_a_wrong_token_is_told(api: Emulator, transport: TelegramTransport) -> None:
    """No message will go out like this; the sender pauses for everybody."""
    api.fail("sendMessage", status=401, description="Unauthorized")
    done = transport.send(parcel())
    assert (done.end, done.code) == (End.MISCONFIGURED, "401")


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"status": 500, "description": "Internal Server Error"}, "5xx"),
        ({"cut": True}, "no-reply"),
        ({"hang": 50}, "no-reply"),
    ],
)
def test_what_may_have_arrived_is_uncertain(
    api: Emulator, transport: TelegramTransport, how: dict[str, object], code: str
) -> None:
    """It left, and nobody said what became of it."""
    api.fail("sendMessage", 1, **how)
    done = transport.send(parcel())
    assert (done.end, done.code) == (End.UNCERTAIN, code)


def test_an_answer_that_is_none_is_uncertain(tmp_path: Path) -> None:
    """A page of some proxy, with status 200."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            peer = server.accept()[0]
            with peer:
                peer.recv(65536)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>")

        thread = threading.Thread(target=answer)
        thread.start()
        transport = make_transport(
            settings_of(f"http://127.0.0.1:{server.getsockname()[1]}", tmp_path)
        )
        assert transport.send(parcel()).end is End.UNCERTAIN
        thread.join()
        transport.close()


def test_nobody_there_is_tried_again(tmp_path: Path) -> None:
    """Nothing left this machine."""
    with nobody_at() as port:
        transport = make_transport(settings_of(f"http://127.0.0.1:{port}", tmp_path))
        done = transport.send(parcel())
        transport.close()
    assert (done.end, done.code) == (End.RETRY, "not-sent")


def test_many_threads_share_the_line(api: Emulator, transport: TelegramTransport) -> None:
    """The sender has several hands."""
    ends: list[End] = []
    threads = [
        threading.Thread(target=lambda: ends.append(transport.send(parcel()).end))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [End.SENT] * 20


def test_messages_are_taken_back_and_the_rest_is_named(transport: TelegramTransport) -> None:
    """Ours and hers; what is older than 48 hours stays."""
    refs = [str(number) for number in range(1, 130)]
    assert transport.delete(SITI, refs) == []
    assert transport.delete(SITI, ["3", "900001", "4", "x"]) == ["900001", "x"]


@pytest.mark.parametrize("how", [{"status": 502}, {"cut": True}, {"status": 429}])
def test_taking_back_is_asked_again_when_telegram_is_away(
    api: Emulator, transport: TelegramTransport, how: dict[str, object]
) -> None:
    """The sender tells that by an OSError."""
    api.fail("deleteMessages", 1, **how)
    with pytest.raises(ConnectionError):
        transport.delete(SITI, ["3"])


def test_the_token_stands_in_no_log_and_no_result(
    api: Emulator,
    settings: Settings,
    transport: TelegramTransport,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever fails, at the level that an operator may choose."""
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # as suar/cli.py does
    token = telegram_of(settings).token
    results = [transport.send(parcel())]
    for how in ({"status": 404, "description": "Not Found"}, {"cut": True}, {"status": 302}):
        api.fail("sendMessage", 1, **how)
        results.append(transport.send(parcel()))
    api.fail("sendMessage", status=302, description=f"see /bot{token}/sendMessage")
    line = Line(telegram_of(settings))
    line.soon(lambda bot: bot.get_file("none"))
    wait_until(lambda: "an errand to Telegram failed" in caplog.text)
    line.close()
    assert token not in caplog.text
    assert token not in repr(results)


def test_without_a_token_there_is_no_transport() -> None:
    """The error names the setting."""
    with pytest.raises(SettingsError, match="SUAR_TELEGRAM_TOKEN"):
        make_transport(load_settings({}))


def test_a_token_is_made_for_each_test() -> None:
    """Else bots would hear each other's callers."""
    assert make_token() != make_token()
