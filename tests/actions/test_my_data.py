"""A wish to be forgotten, or to see what is kept."""

from typing import Any

import pytest
import sqlalchemy as sa

from store import db, erasure_requests, tables
from store.console_tables import ticket_work


def texts(desk: Any) -> set[str]:
    """Open every stored inbound text."""
    with db.read(desk.vault.engine) as connection:
        rows = connection.execute(sa.select(tables.inbox.c.text_sealed)).scalars()
        return {desk.vault.keyring.open(row, "inbox.text") for row in rows}


def test_a_plain_wish_needs_a_plain_yes_and_then_erases_every_text(siti: Any, desk: Any) -> None:
    """Without a ticket nothing has to be kept; Rasa is told to forget too."""
    siti.writes("mau cek pt", intent="check_recruiter")
    siti.writes("PT Nawa Segara Utama", recruiter="PT Nawa Segara Utama")
    assert "PT Nawa Segara Utama" in texts(desk)
    siti.state = None
    assert siti.writes("hapus percakapan ini", intent="delete_my_data") == ["utter_delete_confirm"]
    assert siti.erases is False
    assert siti.picks("Ya, hapus") == ["utter_deleted"]
    assert texts(desk) == {""}
    assert siti.erases is True


def test_another_callers_texts_are_not_touched(phone: Any, desk: Any) -> None:
    """Budi's words stay when Siti deletes hers."""
    siti, budi = phone("siti"), phone("budi")
    budi.writes("nama saya Budi", intent="greet")
    siti.writes("hapus data saya", intent="delete_my_data")
    siti.writes("ya", intent="affirm")
    assert texts(desk) == {"", "nama saya Budi"}


@pytest.mark.parametrize("answer", ["👍", "...", "hmm", "tidak", "jangan", "nanti saja"])
def test_anything_but_a_yes_deletes_nothing(siti: Any, desk: Any, answer: str) -> None:
    """What cannot be taken back needs words."""
    siti.writes("hapus data saya", intent="delete_my_data")
    assert siti.writes(answer) == ["utter_delete_kept"]
    assert "hapus data saya" in texts(desk)
    assert siti.erases is False


def test_with_a_ticket_the_wish_is_recorded_for_a_responder(siti: Any, desk: Any) -> None:
    """The law may oblige us to keep a report: a person decides, and nothing is erased."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    siti.writes("batal", intent="start_over")
    siti.writes("hapus data saya", intent="delete_my_data")
    assert siti.picks("Ya, hapus") == ["utter_delete_recorded"]
    assert siti.known()["data_request"] == "delete"
    assert siti.erases is False
    assert "mau lapor paspor saya ditahan dan gaji dipotong" in texts(desk)


def test_a_vague_wish_is_asked_which_of_the_two(siti: Any) -> None:
    """The question offers both, and a way out that ends the matter."""
    assert siti.writes("soal data saya", intent="delete_my_data") == ["utter_delete_what"]
    assert siti.picks("Tidak jadi") in (["utter_delete_kept"], ["utter_cancelled"])
    assert siti.state is None
    assert siti.erases is False


def test_choosing_to_delete_still_needs_the_confirmation(siti: Any, desk: Any) -> None:
    """One wrong tap deletes nothing."""
    siti.writes("soal data saya", intent="delete_my_data")
    assert siti.picks("Hapus") == ["utter_delete_confirm"]
    assert "soal data saya" in texts(desk)


def test_a_copy_is_a_ticket_for_a_responder(siti: Any) -> None:
    """A copy goes out only after a person made sure whose it is."""
    siti.writes("soal data saya", intent="delete_my_data")
    assert siti.picks("Minta salinan") == ["utter_copy_recorded"]
    assert siti.known()["data_request"] == "copy"


def test_the_wish_said_again_is_a_yes(siti: Any, desk: Any) -> None:
    """She answers the question with what she wants: nothing unclear is left."""
    siti.writes("hapus data saya", intent="delete_my_data")
    assert siti.writes("hapus semua pesan") == ["utter_deleted"]
    assert texts(desk) == {""}


def test_what_a_legal_hold_keeps_is_recorded_for_a_responder(siti: Any, desk: Any) -> None:
    """A closed ticket may be evidence: a person decides, and nothing is erased."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    siti.writes("batal", intent="start_over")
    with db.write(desk.vault.engine) as connection:
        connection.execute(sa.update(tables.tickets).values(state="closed"))
        id_ = connection.execute(sa.select(tables.tickets.c.id)).scalar_one()
        connection.execute(sa.insert(ticket_work), {"ticket_id": id_, "legal_hold": True})
    siti.state = None
    siti.writes("hapus data saya", intent="delete_my_data")
    assert siti.writes("ya", intent="affirm") == ["utter_delete_recorded"]
    assert "mau lapor paspor saya ditahan dan gaji dipotong" in texts(desk)


def test_her_wish_stands_on_a_report_that_has_ended(siti: Any, desk: Any) -> None:
    """Her messages go at once; what the report tells is cleared by people, who read the wish."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    siti.writes("batal", intent="start_over")
    with db.write(desk.vault.engine) as connection:
        connection.execute(sa.update(tables.tickets).values(state="closed"))
        id_ = connection.execute(sa.select(tables.tickets.c.id)).scalar_one()
    siti.state = None
    siti.writes("hapus data saya", intent="delete_my_data")
    assert siti.writes("ya", intent="affirm") == ["utter_deleted"]
    with db.read(desk.vault.engine) as connection:
        asked = erasure_requests.standing(connection, desk.vault.keyring, [id_])
    assert [one.by for one in asked] == ["caller"]
    assert texts(desk) == {""}
