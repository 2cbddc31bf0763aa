"""A turn that is run again after a crash changes nothing twice and says the same again."""

from collections.abc import Callable
from typing import Any

import pytest

Step = Callable[[Any], list[str]]


def says(text: str, intent: str = "inform", **more: Any) -> Step:
    """Write a message."""
    return lambda caller: list(caller.writes(text, intent=intent, **more))


def taps(title: str) -> Step:
    """Tap a choice."""
    return lambda caller: list(caller.picks(title))


REPORT = says("mau lapor paspor saya ditahan dan gaji dipotong", "report_trafficking")
DIALOGUES: dict[str, list[Step]] = {
    "report": [REPORT, says("di penang"), says("PT Bahari Laksana"),
               taps("Ya, boleh"), taps("Jangan telepon")],
    "emergency": [says("saya dikurung majikan tolong", danger=("locked_in",)), says("di riyadh"),
                  says("dia pukul saya lagi", danger=("beaten",))],
    "correction": [REPORT, says("di penang malaysia"), says("eh maaf salah, di brunei")],
    "addition": [REPORT, says("batal", "start_over"),
                 says("tambahan pak sekarang dia pindah ke kajang", "add_to_report")],
    "withdrawal": [REPORT, says("batal", "start_over"),
                   says("mau cabut laporan", "withdraw_report"), taps("Ya, cabut")],
    "deletion": [REPORT, says("hapus data saya", "delete_my_data"), says("ya", "affirm")],
    "conflict": [REPORT, says("yang merekrut itu pak kades, dia dapat bagian")],
}  # fmt: skip


@pytest.mark.parametrize("name", DIALOGUES)
def test_the_same_turn_twice_leaves_the_same_rows(siti: Any, clock: Any, name: str) -> None:
    """Tickets, facts and the event log are compared after every turn of a dialogue."""
    for step in DIALOGUES[name]:
        first = step(siti)
        rows, before, turn = siti.rows(), siti.before, siti.turn
        clock.pass_seconds(30)
        again = siti.repeats(before, turn)
        assert again == first, turn.text
        assert siti.rows() == rows, turn.text


def test_the_caller_is_told_the_same_code_and_key_again(siti: Any) -> None:
    """Whichever of the two answers arrives, it opens the ticket."""
    REPORT(siti)
    first = siti.values("utter_report_start")
    siti.repeats(siti.before, siti.turn)
    assert siti.values("utter_report_start") == first


def test_a_key_tried_twice_in_one_message_counts_once(phone: Any, siti: Any, clock: Any) -> None:
    """A crash must not use up a caller's tries."""
    REPORT(siti)
    code, key = siti.ticket().code, siti.values("utter_report_start")["key"]
    other = phone("pinjaman")
    for number in range(4):
        other.state = None
        other.writes(f"{code} 0000 000{number}", intent="ticket_status")
        other.repeats(other.before, other.turn)
    other.state = None
    assert other.writes(f"{code} {key}", intent="ticket_status") == ["utter_status"]
