"""A task that speaks of somebody else's ticket writes nothing there."""

from typing import Any

import pytest

STORY = "mau lapor paspor saya ditahan majikan dan gaji dipotong terus"


@pytest.fixture
def others(phone: Any) -> tuple[Any, int]:
    """Give Budi's ticket, on which Siti's conversation has no business."""
    budi = phone("budi")
    budi.writes(STORY, intent="report_trafficking")
    return budi, budi.ticket().id


def test_an_answer_goes_to_ones_own_ticket(siti: Any, others: tuple[Any, int]) -> None:
    """The claim in the task is checked before the write, and looked up afresh."""
    budi, foreign = others
    before = dict(budi.known())
    siti.writes(STORY, intent="report_trafficking")
    own = siti.ticket().id
    siti.state.data["ticket"] = foreign
    siti.writes("di johor malaysia", country="malaysia")
    assert budi.known() == before
    assert siti.ticket().id == own
    assert siti.state.data["ticket"] == own


@pytest.mark.parametrize(
    ("text", "intent", "danger"),
    [("batal", "start_over", ()), ("kadesnya terlibat, apa rahasia?", "faq/confidentiality", ()),
     ("sekarang saya dipukul", "inform", ("beaten",))],
)  # fmt: skip
def test_every_way_of_writing_is_checked(
    siti: Any, others: tuple[Any, int], text: str, intent: str, danger: tuple[str, ...]
) -> None:
    """Stopping, a question in between, another cry for help."""
    budi, foreign = others
    kind = "emergency" if danger else "report_trafficking"
    siti.writes(STORY, intent=kind, danger=danger)
    rows = [r for r in budi.rows()["ticket_facts"] if r[1] == foreign]
    events = [r for r in budi.rows()["ticket_events"] if r[1] == foreign]
    siti.state.data["ticket"] = foreign
    assert siti.writes(text, intent=intent, danger=danger)
    assert [r for r in budi.rows()["ticket_facts"] if r[1] == foreign] == rows
    assert [r for r in budi.rows()["ticket_events"] if r[1] == foreign] == events
    assert budi.ticket().conflict_of_interest is False


@pytest.mark.parametrize(
    ("first", "intent", "second"),
    [("tambah laporan", "add_to_report", "majikannya pindah rumah"),
     ("cabut laporan", "withdraw_report", "ya")],
)  # fmt: skip
def test_coming_back_is_checked_too(
    siti: Any, others: tuple[Any, int], first: str, intent: str, second: str
) -> None:
    """Neither an addition nor a withdrawal reaches a ticket that is not hers."""
    budi, foreign = others
    before = dict(budi.known())
    siti.writes(STORY, intent="report_trafficking")
    siti.writes("batal", intent="start_over")
    siti.writes(first, intent=intent)
    siti.state.data["ticket"] = foreign
    assert siti.writes(second)
    assert budi.known() == before
    assert "withdrawal_requested" not in budi.ticket().reasons
