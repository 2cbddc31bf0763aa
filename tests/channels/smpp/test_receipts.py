"""Receipts of a real centre, in any order and form, move the message they are about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from store import db, dispatch
from store.vault import Vault
from tests.channels.smpp.centre import BUDI, Centre, wait_until
from tests.channels.smpp.station import (
    Station,
    being_sent,
    conversation,
    parcel,
    receipts_of,
    row_of,
    running,
    words,
)
from tests.fakes import NOON

FROM = {"from": BUDI[1:]}
LONG = "Satu. " * 60


def send(station: Station, text: str = "Kami di sini.") -> int:
    """Send a message as the sender does, and write down how it ended."""
    number = being_sent(station.vault)
    talk = conversation(station.vault)
    one = replace(parcel(text, number=number), conversation=talk)
    delivery = station.transport.send(one)
    with db.write(station.vault.engine) as connection:
        dispatch.finish(connection, one, delivery, now=NOON)
    return number


def state(station: Station, number: int) -> Any:
    """Say where a message stands."""
    return row_of(station.vault, number).state


@pytest.mark.parametrize(
    ("stat", "becomes", "code"),
    [
        ("DELIVRD", "delivered", None),
        ("ACCEPTD", "sent", None),
        ("UNKNOWN", "sent", None),
        ("UNDELIV", "failed", "UNDELIV:027"),
        ("REJECTD", "failed", "REJECTD:027"),
        ("EXPIRED", "queued", "EXPIRED:027"),
    ],
)
def test_a_receipt_moves_its_message(
    station: Station, stat: str, becomes: str, code: str | None
) -> None:
    """By what it says, not by what the message said, which is quoted in it."""
    number = send(station)
    station.centre.ask("_receipt", id="1000", stat=stat, err="027" if code else "000", **FROM)
    wait_until(lambda: receipts_of(station.vault))
    wait_until(lambda: state(station, number) == becomes)
    assert row_of(station.vault, number).error_code == code
    assert words(station.vault) == []


@pytest.mark.parametrize("form", ["1000", "3e8", "3E8", "000003E8", "0000001000"])
@pytest.mark.parametrize("ids", ["decimal", "hex"])
def test_the_number_may_be_written_otherwise(station: Station, form: str, ids: str) -> None:
    """Some centres answer in hexadecimal and report in decimal, or the other way."""
    station.centre.ask("_set", ids=ids)
    number = send(station)
    station.centre.ask("_receipt", id=form, stat="DELIVRD", **FROM)
    wait_until(lambda: state(station, number) == "delivered")


def test_another_numbers_message_is_not_meant(station: Station) -> None:
    """The same figure in the other way of writing belongs to somebody else."""
    number = send(station)
    station.centre.ask("_receipt", id="3e8", stat="DELIVRD", **{"from": "6281399999999"})
    wait_until(lambda: receipts_of(station.vault))
    assert state(station, number) == "sent"


@pytest.mark.parametrize("ids", ["decimal", "hex"])
def test_a_receipt_may_come_before_the_answer(station: Station, ids: str) -> None:
    """Centres are many machines."""
    station.centre.ask("_set", ids=ids)
    station.centre.ask("_receipt", id="1000", stat="DELIVRD", **FROM)
    wait_until(lambda: receipts_of(station.vault))
    assert state(station, send(station)) == "delivered"


def test_what_an_earlier_process_sent_is_found(
    centre: Centre, vault: Vault, tmp_path: Path
) -> None:
    """Also in the other way of writing."""
    centre.ask("_set", ids="hex")
    with running(centre, vault, tmp_path) as station:
        number = send(station)
    with running(centre, vault, tmp_path) as station:
        centre.ask("_receipt", id="1000", stat="DELIVRD", **FROM)
        wait_until(lambda: state(station, number) == "delivered")


def test_a_long_message_has_arrived_when_all_its_parts_have(station: Station) -> None:
    """In any order."""
    number = send(station, LONG)
    for part, after in (
        ("1002", "sent"),
        ("1000", "sent"),
        ("1000", "sent"),
        ("1001", "delivered"),
    ):
        told = len(station.centre.state["answers"])
        station.centre.ask("_receipt", id=part, stat="DELIVRD", **FROM)
        wait_until(lambda: len(station.centre.state["answers"]) > told)  # noqa: B023
        assert state(station, number) == after


def test_a_long_message_has_failed_when_one_part_has(station: Station) -> None:
    """The phone shows nothing, or half of it."""
    number = send(station, LONG)
    station.centre.ask("_receipt", id="1001", stat="UNDELIV", **FROM)
    wait_until(lambda: state(station, number) == "failed")


def test_parameters_are_read_where_there_are_no_words(station: Station) -> None:
    """And count before them."""
    number = send(station)
    station.centre.ask("_receipt", short="", esm=0, tlvId="1000", state=2, **FROM)
    wait_until(lambda: state(station, number) == "delivered")


def test_our_reference_finds_what_got_no_answer(station: Station) -> None:
    """Where the centre gives it back."""
    station.centre.ask("_fail", cut="after")
    number = send(station)
    assert state(station, number) == "uncertain"
    wait_until(lambda: station.centre.state["bound"])
    station.centre.ask("_receipt", id="1000", stat="DELIVRD", reference=number % 65536, **FROM)
    wait_until(lambda: state(station, number) == "delivered")


def test_a_caller_cannot_write_a_receipt(station: Station) -> None:
    """Her words stay words."""
    number = send(station)
    fake = "id:1000 sub:001 dlvrd:001 stat:DELIVRD err:000"
    station.centre.write(fake)
    wait_until(lambda: words(station.vault) == [fake])
    assert state(station, number) == "sent"


def test_receipts_without_sense_do_no_harm(station: Station) -> None:
    """They are answered, or the centre would repeat them for ever."""
    for short in ("", "stat:DELIVRD", "id: stat:", "id:" + "9" * 200, "\x00\xff"):
        station.centre.ask("_receipt", short=short, **FROM)
    wait_until(lambda: station.centre.state["answers"] == [0] * 5)
