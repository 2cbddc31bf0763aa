"""What a check answers, and that its answers stay apart."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
import sqlalchemy as sa

from hotline.register import CheckOutcome, CheckResult, Match, RecruiterStatus
from store.register import RegisterCache, RegisterIndex, current_import_id, import_demo
from store.register.tables import recruiters

TODAY = date(2026, 11, 22)
Import = Callable[..., object]
InForce = Callable[[], RegisterIndex]


def names(result: CheckResult) -> list[str]:
    """Return the names a result offers."""
    return [candidate.recruiter.name for candidate in result.candidates]


@pytest.mark.parametrize(
    "query",
    [
        "PT BANU NUSA KELANA",
        "Banunusa Kelana, PT",
        "ptbanu nusa kelana",
        "BNK",
        "SIP3MI no. uji 1001 a7",
        "apakah pt banu nusa kelana resmi?",
        "Banu Nusa Kelana (BNK)",
    ],
)
def test_a_firm_answer_needs_the_same_name_or_licence(
    bring_in: Import, in_force: InForce, query: str
) -> None:
    """Siti in Johor may write it her way, as long as it is the same name."""
    bring_in()
    result = in_force().check(query, today=TODAY)
    assert (result.match, result.result, names(result)) == (
        Match.EXACT,
        CheckOutcome.ACTIVE,
        ["PT Banu Nusa Kelana"],
    )


@pytest.mark.parametrize(
    "query", ["banu nusa klana", "Bannu Nusa Kelana", "kelana nusa banu", "Banu Nusa", "PDC"]
)
def test_a_misspelt_name_is_asked_back_and_never_confirmed(
    bring_in: Import, in_force: InForce, query: str
) -> None:
    """Budi in Riyadh picks from look-alikes with their city."""
    bring_in()
    result = in_force().check(query, today=TODAY)
    assert (result.match, result.result) == (Match.CANDIDATES, CheckOutcome.CANDIDATES)
    assert result.recruiter is None
    assert 80 <= result.candidates[0].score < 100
    assert result.candidates[0].recruiter.city in {"Indramayu", "Malang"}


def test_two_firms_of_one_name_are_both_shown(bring_in: Import, in_force: InForce) -> None:
    """One of them has lost its licence, so choosing for the caller would be a guess."""
    bring_in()
    result = in_force().check("gamelan nusa rantau", today=TODAY)
    assert result.match is Match.CANDIDATES
    assert [c.recruiter.city for c in result.candidates] == ["Kendal", "Brebes"]


def test_a_borrowed_licence_number_is_not_confirmed(bring_in: Import, in_force: InForce) -> None:
    """The name told and the number's owner differ: both are shown."""
    bring_in()
    result = in_force().check("PT Pelita Dwi Candra izin UJI-1001-A7", today=TODAY)
    assert result.match is Match.CANDIDATES
    assert names(result) == ["PT Banu Nusa Kelana", "PT Pelita Dwi Tjandra"]


def test_not_found_too_old_and_no_register_are_different_answers(
    bring_in: Import, in_force: InForce
) -> None:
    """A caller must not take a missing list for a missing firm."""
    assert in_force().check("PT Entah", today=TODAY).result is CheckOutcome.NO_REGISTER
    bring_in()
    index = in_force()
    assert index.check("PT Entah Berantah", today=TODAY).result is CheckOutcome.NOT_FOUND
    late = date(2026, 12, 21)
    assert index.check("PT Entah Berantah", today=late).result is CheckOutcome.SOURCE_TOO_OLD


def test_a_register_is_fresh_for_thirty_days_and_still_shows_its_record_later(
    bring_in: Import, in_force: InForce
) -> None:
    """The recorded status stays readable, under the warning."""
    bring_in()
    last_day = in_force().check("BNK", today=date(2026, 12, 20))
    late = in_force().check("BNK", today=date(2026, 12, 21))
    assert last_day.result is CheckOutcome.ACTIVE
    assert (late.match, late.result) == (Match.EXACT, CheckOutcome.SOURCE_TOO_OLD)
    assert late.recorded_status is RecruiterStatus.ACTIVE


def test_a_printed_date_in_the_past_ends_an_active_licence(
    bring_in: Import, in_force: InForce
) -> None:
    """The list calls it active, its own date says otherwise."""
    bring_in()
    result = in_force().check("rinjani wadah tualang", today=TODAY)
    assert result.result is CheckOutcome.EXPIRED
    assert result.recorded_status is RecruiterStatus.ACTIVE


def test_a_branch_that_is_not_on_the_record_is_noticed(bring_in: Import, in_force: InForce) -> None:
    """Cirebon is a registered branch and Medan is not."""
    bring_in()
    index = in_force()
    assert index.check("Banu Nusa Kelana cabang Cirebon", today=TODAY).branch_listed is True
    assert index.check("Banu Nusa Kelana cabang Medan", today=TODAY).branch_listed is False
    assert index.check("Banu Nusa Kelana", today=TODAY).branch_listed is None


@pytest.mark.parametrize("query", ["", "PT", "agen resmi", "😭", "/restart", "x" * 5000, "%_'\";"])
def test_text_without_a_name_finds_nothing(bring_in: Import, in_force: InForce, query: str) -> None:
    """Whatever arrives, a check answers and confirms nobody."""
    bring_in()
    assert in_force().check(query, today=TODAY).match is Match.NONE


def test_at_most_four_look_alikes_are_offered(bring_in: Import, in_force: InForce) -> None:
    """A longer list does not fit a text message."""
    rows = "".join(f"PT Layar Kembara Nusa {x},Aktif,Kota {x}\n" for x in "ABCDEFG")
    bring_in("nama,status,kota\n" + rows)
    assert len(in_force().check("layar kembara nusa", today=TODAY).candidates) == 4


def test_the_json_form_has_exactly_the_promised_fields(bring_in: Import, in_force: InForce) -> None:
    """Operators' scripts rely on it."""
    bring_in()
    assert in_force().check("serunai bakti layar", today=TODAY).as_dict() == {
        "query": "serunai bakti layar",
        "match": "exact",
        "result": "suspended_partial",
        "candidates": [
            {
                "name": "PT Serunai Bakti Layar",
                "city": "Kupang",
                "licence_no": "UJI-1005-E2",
                "status": "suspended_partial",
                "score": 100.0,
            }
        ],
        "register": {
            "source": "https://example.test/daftar",
            "as_of": "2026-11-20",
            "rows": 6,
            "demo": False,
        },
    }


def test_a_cache_loads_again_only_when_another_import_is_in_force(
    engine: sa.Engine, bring_in: Import
) -> None:
    """A long-running process must notice tonight's import."""
    cache = RegisterCache(engine)
    assert cache.current().import_id is None
    bring_in()
    first = cache.current()
    assert cache.current() is first
    bring_in(as_of=date(2026, 11, 21))
    second = cache.current()
    with engine.connect() as connection:
        assert second.import_id == current_import_id(connection) != first.import_id


def test_no_answer_claims_safety() -> None:
    """The vocabulary of answers has no word for it."""
    told = " ".join([*CheckOutcome, *Match, *RecruiterStatus])
    assert "safe" not in told
    assert "aman" not in told


def test_the_short_way_to_an_entry_agrees_with_a_check(engine: sa.Engine) -> None:
    """Figures ask it for thousands of names; it must not count one that a check would not give."""
    import_demo(engine, now=datetime(2026, 11, 22, 3, tzinfo=UTC))
    with engine.connect() as connection:
        index = RegisterIndex.load(connection)
        names = connection.execute(sa.select(recruiters.c.name, recruiters.c.licence_no)).all()
    asked = [
        *(row.name for row in names), *(row.licence_no for row in names if row.licence_no),
        *(row.name[:-1] for row in names), *(f"{row.licence_no[:-1]}0" for row in names),
        *(f"apakah {row.name} resmi gak?" for row in names),
        *(f"{a.name} {b.licence_no}" for a, b in pairwise(names)),
        "PT Zzz Qqq", "", "PT", "tono", "0812-3456-7890", "PT Ünïque Ｎａｍｅ １２３４５６",
    ]  # fmt: skip
    exact = 0
    for query in asked:
        found = index.check(query, today=TODAY)
        wanted = found.recruiter if found.match is Match.EXACT else None
        assert index.exact(query) == wanted, query
        exact += wanted is not None
    assert 0 < exact < len(asked)
