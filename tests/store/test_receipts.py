"""Receipts in any order, repeated, early, late, and about tries that came to nothing."""

import itertools

import pytest
import sqlalchemy as sa

from hotline.delivery import End
from hotline.messages import Channel, Hold, OutboxState
from store import db, receipts
from store.tables import receipts as receipts_table
from store.vault import Vault
from tests.fakes import BUDI, NOON
from tests.posting import begin, claim, finish, open_conversation, pump, queue, rows, states, talk

S = OutboxState


@pytest.fixture
def budi(vault: Vault) -> str:
    """Give Budi's conversation on WhatsApp; he wrote a moment ago."""
    return open_conversation(vault, BUDI, Channel.WHATSAPP)


def note(vault: Vault, state: S, *, provider_id: str = "SM1", **more: object) -> bool:
    told = {"transport": "twilio", "status": state.value, "at": NOON + 5, **more}
    with db.write(vault.engine) as connection:
        return receipts.note(connection, provider_id=provider_id, state=state, **told)  # type: ignore[arg-type]


def stored(vault: Vault) -> int:
    with db.read(vault.engine) as connection:
        return connection.execute(
            sa.select(sa.func.count()).select_from(receipts_table)
        ).scalar_one()


def begun(vault: Vault, conversation: str) -> object:
    claim(vault, "a", NOON)
    parcel = begin(vault, conversation, "a", NOON)
    assert parcel is not None
    return parcel


@pytest.mark.parametrize("order", list(itertools.permutations([S.SENT, S.DELIVERED, S.READ])))
@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_receipts_end_at_read_in_whatever_order(
    vault: Vault, budi: str, order: tuple[S, ...], before: int
) -> None:
    """Some come before the send is written down, some after it."""
    queue(vault, budi, "satu")
    parcel = begun(vault, budi)
    for state in order[:before]:
        note(vault, state)
    finish(vault, parcel, End.SENT, NOON, provider_id="SM1")  # type: ignore[arg-type]
    for state in order[before:]:
        note(vault, state)
    assert states(vault) == ["read"]


def test_a_repeat_is_stored_once(vault: Vault, budi: str) -> None:
    """Providers repeat what they told us."""
    queue(vault, budi, "satu")
    pump(vault, NOON)
    number = rows(vault)[0].id
    assert note(vault, S.DELIVERED, provider_id=f"p{number}")
    assert not note(vault, S.DELIVERED, provider_id=f"p{number}")
    assert stored(vault) == 1


def test_a_receipt_settles_what_was_uncertain(vault: Vault, budi: str) -> None:
    """Our own number comes back with it: the message did go out."""
    [number] = queue(vault, budi, "satu")
    finish(vault, begun(vault, budi), End.UNCERTAIN, NOON, code="timeout")  # type: ignore[arg-type]
    assert states(vault) == ["uncertain"]
    note(vault, S.SENT, outbox_id=number)
    [row] = rows(vault)
    assert (row.state, row.provider_id, row.error_code) == ("sent", "SM1", None)
    note(vault, S.DELIVERED)
    assert states(vault) == ["delivered"]


def test_a_receipt_keeps_from_trying_again_what_arrived(vault: Vault, budi: str) -> None:
    """An error was answered, yet the message was taken: it is not sent a second time."""
    [number] = queue(vault, budi, "satu")
    finish(vault, begun(vault, budi), End.RETRY, NOON, code="503")  # type: ignore[arg-type]
    note(vault, S.DELIVERED, outbox_id=number)
    assert pump(vault, NOON + 3600) == []
    assert states(vault) == ["delivered"]


def test_a_failure_is_kept_with_its_words(vault: Vault, budi: str) -> None:
    """The responder reads why."""
    queue(vault, budi, "satu")
    finish(vault, begun(vault, budi), End.SENT, NOON, provider_id="SM1")  # type: ignore[arg-type]
    note(vault, S.FAILED, code="30007", words="Ditolak operator", end=End.REFUSED)
    [row] = rows(vault)
    assert (row.state, row.error_code, row.error) == ("failed", "30007", "Ditolak operator")


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize(
    ("end", "state", "hold"),
    [
        (End.WINDOW_SHUT, "held", Hold.WINDOW),
        (End.UNREACHABLE, "held", Hold.UNREACHABLE),
        (End.OPTED_OUT, "held", Hold.OPTED_OUT),
        (End.RETRY, "queued", None),
        (End.REFUSED, "failed", None),
    ],
)
def test_a_failure_by_receipt_means_what_its_code_means(
    vault: Vault, budi: str, end: End, state: str, hold: Hold | None, early: bool
) -> None:
    """Twilio takes a message first and says afterwards that the window is shut."""
    [number] = queue(vault, budi, "satu")
    parcel = begun(vault, budi)
    if not early:
        finish(vault, parcel, End.SENT, NOON, provider_id="SM1")  # type: ignore[arg-type]
    note(vault, S.FAILED, code="63016", end=end, outbox_id=number if early else None)
    if early:
        finish(vault, parcel, End.SENT, NOON, provider_id="SM1")  # type: ignore[arg-type]
    [row] = rows(vault)
    assert (row.state, row.hold) == (state, hold)
    assert (talk(vault, budi).opted_out_at is not None) is (end is End.OPTED_OUT)
    # What the same try still says is about a message that came to nothing.
    note(vault, S.SENT, outbox_id=number if early else None)
    assert states(vault) == [state]


def test_an_early_failure_is_applied_when_the_message_is_known(vault: Vault, budi: str) -> None:
    """Without our number in it nobody knows at first what it is about."""
    queue(vault, budi, "satu")
    parcel = begun(vault, budi)
    note(vault, S.FAILED, code="63016", end=End.WINDOW_SHUT)
    finish(vault, parcel, End.SENT, NOON, provider_id="SM1")  # type: ignore[arg-type]
    assert states(vault) == ["held"]


def test_a_try_that_failed_does_not_spoil_the_next(vault: Vault, budi: str) -> None:
    """The second try has a number of its own; late words about the first change nothing."""
    [number] = queue(vault, budi, "satu")
    finish(vault, begun(vault, budi), End.SENT, NOON, provider_id="SM1")  # type: ignore[arg-type]
    note(vault, S.FAILED, code="63018", end=End.RETRY, outbox_id=number)
    [again] = pump(vault, NOON + 60)
    assert again.attempts == 2
    note(vault, S.FAILED, status="undelivered", end=End.REFUSED, outbox_id=number)
    note(vault, S.DELIVERED, outbox_id=number)
    assert states(vault) == ["sent"]
    note(vault, S.DELIVERED, provider_id=f"p{number}", outbox_id=number)
    assert states(vault) == ["delivered"]


def test_a_receipt_about_nothing_of_ours_is_kept_and_harmless(vault: Vault, budi: str) -> None:
    """Another installation's, or from before the database was restored."""
    queue(vault, budi, "satu")
    assert note(vault, S.DELIVERED, provider_id="SM9", outbox_id=987654)
    assert note(vault, S.DELIVERED, provider_id="SM8")
    assert states(vault) == ["queued"]
    assert stored(vault) == 2


def test_numbers_of_different_transports_are_not_mixed_up(vault: Vault, budi: str) -> None:
    """Telegram counts 1, 2, 3 in every chat, an SMS centre perhaps too."""
    siti = open_conversation(vault)
    queue(vault, siti, "satu")
    claim(vault, "a", NOON)
    parcel = begin(vault, siti, "a", NOON)
    assert parcel is not None
    finish(vault, parcel, End.SENT, NOON, provider_id="17")
    note(vault, S.DELIVERED, provider_id="17", transport="smpp")
    assert states(vault) == ["sent"]


def test_long_words_and_numbers_are_cut_not_refused(vault: Vault, budi: str) -> None:
    """Whatever a provider says, the receipt is kept."""
    [number] = queue(vault, budi, "satu")
    begun(vault, budi)
    more = {"status": "x" * 99, "code": "9" * 99, "words": "w" * 999, "end": End.REFUSED}
    assert note(vault, S.FAILED, provider_id="P" * 300, outbox_id=number, **more)
    assert states(vault) == ["failed"]


def test_a_late_end_of_one_try_does_not_end_the_next(vault: Vault, budi: str) -> None:
    """The first sender heard nothing for a long time; the message is on its way a second time."""
    [number] = queue(vault, budi, "satu")
    first = begun(vault, budi)
    note(vault, S.FAILED, code="63018", end=End.RETRY, outbox_id=number)
    assert claim(vault, "b", NOON + 60) == [budi]
    second = begin(vault, budi, "b", NOON + 60)
    assert second is not None
    finish(vault, first, End.UNCERTAIN, NOON + 61)  # type: ignore[arg-type]
    assert states(vault) == ["sending"]
    finish(vault, second, End.SENT, NOON + 62, provider_id="SM2")
    assert states(vault) == ["sent"]
