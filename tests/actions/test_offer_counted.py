"""Every weighed offer is counted once: grade, signs and places by code, and no word of it."""

from typing import Any

import sqlalchemy as sa

STRONG = "ditawari kerja admin di kamboja gaji 15 juta pakai visa turis berangkat minggu depan"
VAGUE = "ada tawaran kerja di pabrik taiwan menurut bapak gimana"


def rows(desk: Any) -> list[Any]:
    """Read what was counted."""
    from store import db
    from store.content_tables import offer_checks

    with db.read(desk.vault.engine) as connection:
        return list(connection.execute(sa.select(offer_checks).order_by(offer_checks.c.id)))


def test_a_verdict_is_counted_with_its_signs_and_places(siti: Any, desk: Any) -> None:
    siti.writes(STRONG + " dari kupang", intent="check_offer", region="kota kupang")
    [row] = rows(desk)
    assert (row.grade, row.destination, row.region) == ("bahaya_kuat", "KH", "5371")
    assert "tourist_visa" in row.signs
    assert row.conversation_id == siti.conversation
    assert row.at == desk.now()
    # Nothing of what was written is in the row, in any column.
    assert not {"admin", "kamboja", "juta", "minggu"} & set(str(tuple(row)).lower().split())
    assert set(row.signs) <= set(desk.offers.rules.signs)


def test_an_offer_with_questions_is_counted_at_its_verdict(siti: Any, desk: Any) -> None:
    said = siti.writes(VAGUE, intent="check_offer")
    assert rows(desk) == []
    while said[-1] == "utter_offer_question":
        said = siti.writes("belum tahu pak")
    [row] = rows(desk)
    assert (row.destination, row.region) == ("TW", "")


def test_a_turn_that_runs_again_counts_once(siti: Any, desk: Any) -> None:
    """As after a crash before the answer was written."""
    siti.writes(STRONG, intent="check_offer")
    siti.repeats(siti.before, siti.turn)
    assert len(rows(desk)) == 1
    assert siti.state.data["check"] == rows(desk)[0].id


def test_what_is_told_afterwards_changes_the_same_offer(siti: Any, desk: Any) -> None:
    said = siti.writes(VAGUE, intent="check_offer")
    while said[-1] == "utter_offer_question":
        said = siti.writes("belum tahu pak")
    before = rows(desk)
    assert siti.writes("disuruh pakai visa turis", "inform") == ["utter_offer_more"]
    [row] = rows(desk)
    assert row.id == before[0].id
    assert (before[0].grade, row.grade) != (row.grade, before[0].grade)
    assert "tourist_visa" in row.signs


def test_a_name_of_several_regions_counts_for_none(siti: Any, desk: Any) -> None:
    """ "Malang" is a city and a regency: nothing is guessed."""
    siti.writes(STRONG + " dari malang", intent="check_offer", region="malang")
    assert rows(desk)[0].region == ""
