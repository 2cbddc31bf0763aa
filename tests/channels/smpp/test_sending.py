"""What goes to a real centre, and what follows from what it answers."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from channels.smpp.sending import Sender, SmppTransport
from hotline.delivery import Delivery, End
from store.vault import Vault
from tests.channels.smpp.centre import OURS, Centre, wait_until
from tests.channels.smpp.station import Station, being_sent, parcel, row_of, running

LONG = "Satu. " * 60


def test_a_short_message_goes_out_whole(station: Station) -> None:
    """In GSM-7, with choices as lines, a receipt asked for, and our number as reference."""
    done = station.transport.send(parcel("Pilih {satu} @ €5:", "Ya", "Tidak", number=65536 + 9))
    assert done == Delivery(end=End.SENT, provider_id="1000")
    (taken,) = station.centre.state["taken"]
    assert taken == {
        "id": "1000",
        "to": "6281200000001",
        "from": OURS[1:],
        "ton": 1,
        "text": "Pilih {satu} @ €5:\n1 Ya\n2 Tidak",
        "udh": [],
        "coding": 0,
        "esm": 0,
        "registered": 1,
        "reference": 9,
        "payload": False,
    }


def test_a_long_message_goes_out_in_parts(station: Station) -> None:
    """Each with a header that lets the phone put them together."""
    done = station.transport.send(parcel(LONG, number=300))
    assert done == Delivery(end=End.SENT, provider_id="1000+2")
    taken = station.centre.state["taken"]
    assert "".join(one["text"] for one in taken) == LONG
    assert [one["udh"] for one in taken] == [[f"00032c03{n:02x}"] for n in (1, 2, 3)]


def test_a_long_message_can_go_out_whole(centre: Centre, vault: Vault, tmp_path: Path) -> None:
    """Where the centre cuts by itself."""
    with running(centre, vault, tmp_path, SUAR_SMPP_LONG="payload") as station:
        assert station.transport.send(parcel(LONG)).provider_id == "1000"
    (taken,) = centre.state["taken"]
    assert taken["payload"]
    assert taken["text"] == LONG


@pytest.mark.parametrize(
    ("status", "end", "everyone"),
    [
        (0x58, End.RETRY, True),
        (0x14, End.RETRY, True),
        (0x0B, End.UNREACHABLE, False),
        (0x0A, End.MISCONFIGURED, False),
        (0x08, End.RETRY, False),
        (0x01, End.REFUSED, False),
        (0x0400, End.REFUSED, False),
    ],
)
def test_what_the_centre_refuses_did_not_go_out(
    station: Station, status: int, end: End, everyone: bool
) -> None:
    """And each status says what follows."""
    station.centre.ask("_fail", status=status)
    done = station.transport.send(parcel())
    assert (done.end, done.everyone, done.code) == (end, everyone, f"0x{status:02x}")
    assert done.words


def test_a_reference_that_is_not_allowed_is_left_out(station: Station) -> None:
    """The message goes out all the same, and the next ones at once."""
    station.centre.ask("_fail", status=0xC1)
    assert station.transport.send(parcel()).end is End.SENT
    assert station.transport.send(parcel("lagi")).end is End.SENT
    references = [one.get("reference") for one in station.centre.state["taken"]]
    assert references == [None, None]


@pytest.mark.parametrize("how", [{"silent": True}, {"cut": "before"}, {"cut": "after"}])
def test_what_left_without_an_answer_is_uncertain(
    centre: Centre, vault: Vault, tmp_path: Path, how: dict[str, object]
) -> None:
    """Whether the centre took it or not: it is never sent again."""
    centre.ask("_fail", **how)
    with running(centre, vault, tmp_path, seconds=0.5) as station:
        assert station.transport.send(parcel()).end is End.UNCERTAIN


def test_an_answer_that_comes_late_settles_it(centre: Centre, vault: Vault, tmp_path: Path) -> None:
    """The centre was slower than we wait."""
    number = being_sent(vault)
    centre.ask("_fail", hold=True)
    with running(centre, vault, tmp_path, seconds=0.5) as station:
        assert station.transport.send(parcel(number=number)).end is End.UNCERTAIN
        wait_until(centre.texts)
        centre.ask("_release")
        wait_until(lambda: row_of(vault, number).state == "sent")
    assert row_of(vault, number).provider_id == "1000"


def test_without_a_session_nothing_leaves(centre: Centre, vault: Vault, tmp_path: Path) -> None:
    """And everybody waits."""
    with running(centre, vault, tmp_path, bound=False, SUAR_SMPP_PASSWORD="keliru") as station:
        done = station.transport.send(parcel())
    assert (done.end, done.everyone) == (End.RETRY, True)


def test_a_crowded_centre_gets_the_other_parts_a_little_later(station: Station) -> None:
    """A message is not left in pieces for a passing reason."""
    station.centre.ask("_set", failures=[{}, {"status": 0x58}, {"status": 0x58}])
    assert station.transport.send(parcel(LONG)).end is End.SENT
    assert "".join(station.centre.texts()) == LONG


def test_parts_without_the_others_are_uncertain(station: Station) -> None:
    """A person decides: repeated whole, she might get it twice."""
    station.centre.ask("_set", failures=[{}, {"status": 0x45}])
    done = station.transport.send(parcel(LONG))
    assert (done.end, done.code) == (End.UNCERTAIN, "in_parts")


def test_who_is_no_number_is_not_asked_for(station: Station) -> None:
    """The address came from another channel."""
    assert station.transport.send(parcel(address="anonim")).end is End.UNREACHABLE
    assert station.centre.texts() == []


def test_many_send_at_once(station: Station) -> None:
    """Each thread gets the answer to its own message."""
    found: dict[int, str | None] = {}

    def send(number: int) -> None:
        found[number] = station.transport.send(parcel(f"pesan {number}", number=number)).provider_id

    threads = [threading.Thread(target=send, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    told = {one["id"]: one["text"] for one in station.centre.state["taken"]}
    assert {number: told[str(found[number])] for number in found} == {
        number: f"pesan {number}" for number in range(40)
    }


def test_an_end_waits_a_moment_for_answers(centre: Centre, vault: Vault, tmp_path: Path) -> None:
    """What has begun is finished; what never gets an answer does not hold the end up."""
    ends: list[End] = []
    parts: list[SmppTransport] = []

    def work(ended: threading.Event) -> None:
        while not parts:
            time.sleep(0.01)
        ends.append(parts[0].send(parcel()).end)
        ended.wait()

    centre.ask("_fail", delay=1000)
    with running(centre, vault, tmp_path, work=work) as station:
        parts.append(station.transport)
        wait_until(centre.texts)  # it was taken; the answer comes a second later
    assert ends == [End.SENT]


@pytest.mark.parametrize(
    ("setting", "sender"),
    [
        ("+6280000000001", Sender(1, 1, "6280000000001")),
        ("3636", Sender(3, 0, "3636")),
        ("SUAR", Sender(5, 0, "SUAR")),
        ("0:1:3636", Sender(0, 1, "3636")),
    ],
)
def test_our_address_says_what_it_is(setting: str, sender: Sender) -> None:
    """As most centres want it, or as the operator says."""
    assert Sender.read(setting) == sender
