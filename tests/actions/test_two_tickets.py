"""Two open tickets in one conversation: what is told in the questions of one belongs to it."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.tickets import Category, Ticket, Urgency
from store import db, tickets

STORY = "mau lapor paspor saya ditahan majikan dan gaji dipotong terus"


@pytest.fixture
def other(siti: Any, desk: Any) -> int:
    """Give a ticket that joins Siti's conversation in the middle of her report."""
    siti.writes(STORY, intent="report_trafficking")
    desk.now.pass_seconds(60)
    with db.write(desk.vault.engine) as connection:
        made = tickets.create(
            connection, desk.vault.keyring, category=Category.RETURN, urgency=Urgency.NORMAL,
            reasons=(), language="id", actor="bot", message_id=None, now=desk.now(),
        )  # fmt: skip
        tickets.add_fact(
            connection, desk.vault.keyring, made.id, "country", "SA", said_by="caller",
            message_id=None, now=desk.now(),
        )  # fmt: skip
        tickets.join(connection, made.id, siti.conversation, now=desk.now())
    return made.id


def read(desk: Any, *ids: int) -> list[Ticket]:
    with db.read(desk.vault.engine) as connection:
        found = {one.id: one for one in tickets.all_tickets(connection, desk.vault.keyring)}
    return [found[id_] for id_ in ids]


def test_a_child_raises_the_ticket_she_is_told_of_on(siti: Any, other: int, desk: Any) -> None:
    """The one joined last stays what it was."""
    mine = siti.state.data["ticket"]
    assert mine != other
    siti.writes("korbannya anak umur 15 tahun di johor", country="malaysia")
    own, joined = read(desk, mine, other)
    assert (own.urgency, joined.urgency) == (Urgency.CRITICAL, Urgency.NORMAL)
    assert "minor" in own.reasons
    assert own.known()["is_minor"] == "yes"


def test_what_one_ticket_knows_does_not_silence_the_other(siti: Any, other: int, desk: Any) -> None:
    """A country known on the joined one is still asked and kept on hers."""
    mine = siti.state.data["ticket"]
    siti.writes("saya di johor malaysia", country="malaysia")
    own, joined = read(desk, mine, other)
    assert own.known()["country"] == "MY"
    assert joined.known()["country"] == "SA"


def test_a_cry_inside_an_emergency_raises_that_one(siti: Any, desk: Any) -> None:
    """And a wish for a person stands on it too."""
    siti.writes("tolong saya disekap majikan", danger=("locked_in",))
    mine = siti.state.data["ticket"]
    desk.now.pass_seconds(60)
    with db.write(desk.vault.engine) as connection:
        made = tickets.create(
            connection, desk.vault.keyring, category=Category.RETURN, urgency=Urgency.NORMAL,
            reasons=(), language="id", actor="bot", message_id=None, now=desk.now(),
        )  # fmt: skip
        tickets.join(connection, made.id, siti.conversation, now=desk.now())
    siti.writes("sekarang saya dipukul", danger=("beaten",))
    own, joined = read(desk, mine, made.id)
    assert (own.reasons, joined.reasons) == (("locked_in", "beaten"), ())
    assert joined.urgency is Urgency.NORMAL
