"""Regions: found by what callers call them, and a named one decides who sees the ticket."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.errors import ContentError
from hotline.tickets import Category, Urgency
from store import db, ticket_work, tickets
from store.regions import Regions, load_regions
from store.vault import Vault
from tests.fakes import Clock, message, receive


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("NTT", ("53",)),
        ("nusa tenggara timur", ("53",)),
        ("Provinsi Jawa Barat", ("32",)),
        ("jogja", ("34",)),
        ("malang", ("3507", "3573")),
        ("Kab. Malang", ("3507",)),
        ("kota malang", ("3573",)),
        ("Ujung Pandang", ("7371",)),
        ("kuwait", ()),
        ("", ()),
    ],
)
def test_a_region_is_found_by_its_everyday_name(said: str, codes: tuple[str, ...]) -> None:
    """A name that a city shares with its regency gives both: neither is left out."""
    assert load_regions().codes_of(said) == codes


def test_the_table_is_whole() -> None:
    """38 provinces and 514 regencies and cities, as the national table has them."""
    names = load_regions().names
    assert sum(len(code) == 2 for code in names) == 38
    assert sum(len(code) == 4 for code in names) == 514


def test_an_everyday_name_of_no_region_is_refused() -> None:
    """A wrong code in the file is said, not passed over."""
    with pytest.raises(ContentError, match="9999"):
        Regions([("53", "Nusa Tenggara Timur")], {"9999": ["x"]})
    assert (Path(__file__).parents[2] / "knowledge" / "regions.yml").is_file()


def test_a_named_region_places_the_ticket_until_a_responder_does(
    vault: Vault, clock: Clock
) -> None:
    """What the bot understood is a suggestion; a responder's word stands."""
    row = receive(vault, message("tolong"))
    with db.write(vault.engine) as connection:
        conversation = connection.execute(
            sa.text("select conversation_id from inbox where id=:id"), {"id": row}
        ).scalar_one()
        id_ = tickets.open_or_raise(
            connection, vault.keyring, conversation=conversation, category=Category.REPORT,
            urgency=Urgency.HIGH, reasons=(), message_id=row, language="id", now=clock(),
        ).id  # fmt: skip

        def say(field: str, value: str) -> None:
            tickets.add_fact(
                connection, vault.keyring, id_, field, value, said_by="caller", message_id=None,
                now=clock(),
            )  # fmt: skip

        say("region", "kupang, ntt")
        say("country", "MY")
        placed = ticket_work.regions_of(connection, id_)
        assert placed["origin"] == ("53", "5301", "5371")
        assert placed["destination"] == ("MY",)
        ticket_work.set_regions(connection, id_, "origin", ["5371"], actor="ani", now=clock())
        say("region", "surabaya")
        assert ticket_work.regions_of(connection, id_)["origin"] == ("5371",)
