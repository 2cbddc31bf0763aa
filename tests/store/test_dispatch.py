"""The sending side: one holder a conversation, begun before called, ends that mean something."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from hotline.delivery import Delivery, End, Parcel
from hotline.messages import Channel, Choice, Hold, OutboxState, Purpose, Reply
from store import db, dispatch, outbox
from store.dispatch import LostLeaseError
from store.tables import conversation_events
from store.tables import outbox as table
from store.vault import Vault
from tests.fakes import BUDI, LEASE, NOON, SITI
from tests.posting import (
    begin,
    change,
    claim,
    finish,
    holder,
    open_conversation,
    pump,
    queue,
    rows,
    states,
    talk,
)

DAY = 24 * 3600.0
HOUR = 3600.0


@pytest.fixture
def siti(vault: Vault) -> str:
    """Give Siti's conversation on Telegram; she wrote a moment ago."""
    return open_conversation(vault)


@pytest.fixture
def budi(vault: Vault) -> str:
    """Give Budi's conversation on WhatsApp; he wrote two days ago."""
    return open_conversation(vault, BUDI, Channel.WHATSAPP, heard_at=NOON - 2 * DAY)


def refuse(end: End, **more: object) -> object:
    return lambda _parcel: Delivery(end=end, **more)  # type: ignore[arg-type]


def events(vault: Vault) -> list[str]:
    with db.read(vault.engine) as connection:
        query = sa.select(conversation_events.c.kind).order_by(conversation_events.c.id)
        return list(connection.execute(query).scalars())


def test_a_parcel_holds_what_a_transport_needs(vault: Vault, siti: str) -> None:
    """Address, words and choices, opened; and its own number."""
    [number] = queue(vault, siti, "Pilih:", choices=(Choice("Ya", "/affirm"),))
    [parcel] = pump(vault, NOON)
    assert parcel == Parcel(
        id=number, conversation=siti, channel="telegram", transport="telegram", address=SITI,
        language="id", reply=Reply("Pilih:", (Choice("Ya", "/affirm"),)),
        purpose=Purpose.ANSWER, attempts=1,
    )  # fmt: skip
    [row] = rows(vault)
    assert (row.state, row.provider_id, row.sent_at) == ("sent", f"p{number}", NOON)


def test_messages_go_out_in_the_order_of_writing(vault: Vault, siti: str) -> None:
    """Ten parts, and the conversation is free again afterwards."""
    queue(vault, siti, *map(str, range(10)))
    assert [parcel.reply.text for parcel in pump(vault, NOON)] == list(map(str, range(10)))
    assert (talk(vault, siti).send_owner, talk(vault, siti).send_at) == (None, None)
    assert pump(vault, NOON) == []


def test_many_senders_share_out_the_conversations(vault: Vault) -> None:
    """Eight senders at the same moment: each message goes out once."""
    for number in range(16):
        queue(vault, open_conversation(vault, f"+6281200{number:04}"), "satu", "dua")
    together = threading.Barrier(8)

    def work(number: int) -> list[int]:
        together.wait()
        return [parcel.id for parcel in pump(vault, NOON, name=f"s{number}")]

    with ThreadPoolExecutor(8) as pool:
        went = [one for mine in pool.map(work, range(8)) for one in mine]
    went += [parcel.id for parcel in pump(vault, NOON)]
    assert sorted(went) == sorted({row.id for row in rows(vault)})


def test_only_one_sender_holds_a_conversation(vault: Vault, siti: str) -> None:
    """Until the lease runs out; then it is the other's, and the first may begin nothing."""
    queue(vault, siti, "satu")
    assert claim(vault, "a", NOON) == [siti]
    assert claim(vault, "b", NOON + LEASE) == []
    assert claim(vault, "b", NOON + LEASE + 1) == [siti]
    with pytest.raises(LostLeaseError):
        begin(vault, siti, "a", NOON + LEASE + 1)
    assert states(vault) == ["queued"]


def test_what_was_begun_is_never_begun_again(vault: Vault, siti: str) -> None:
    """A sender that ended in the middle leaves one uncertain message, and the rest goes out."""
    queue(vault, siti, "satu", "dua")
    claim(vault, "dead", NOON)
    begun = begin(vault, siti, "dead", NOON)
    assert begun is not None
    went = pump(vault, NOON + LEASE + 1)
    assert [parcel.reply.text for parcel in went] == ["dua"]
    assert states(vault) == ["uncertain", "sent"]
    assert rows(vault)[0].error_code == "interrupted"


def test_a_slow_sender_still_says_how_it_ended(vault: Vault, siti: str) -> None:
    """Taken over meanwhile; the message was sent after all, and that is known now."""
    queue(vault, siti, "satu", "dua")
    claim(vault, "slow", NOON)
    begun = begin(vault, siti, "slow", NOON)
    assert begun is not None
    pump(vault, NOON + LEASE + 1)
    assert finish(vault, begun, End.SENT, NOON + 60, provider_id="late") is OutboxState.SENT
    assert states(vault) == ["sent", "sent"]
    assert rows(vault)[0].error_code is None


@pytest.mark.parametrize(("later_state", "becomes"), [("sent", "failed"), ("queued", "queued")])
def test_a_late_refusal_goes_back_only_if_nothing_came_after_it(
    vault: Vault, siti: str, later_state: str, becomes: str
) -> None:
    """She must not read the first part after the second; a responder sees it instead."""
    queue(vault, siti, "satu", "dua")
    claim(vault, "slow", NOON)
    begun = begin(vault, siti, "slow", NOON)
    assert begun is not None
    with db.write(vault.engine) as connection:
        connection.execute(sa.update(table).where(table.c.id == begun.id).values(state="uncertain"))
        after = table.c.id != begun.id
        connection.execute(sa.update(table).where(after).values(state=later_state))
    finish(vault, begun, End.RETRY, NOON + 60)
    assert states(vault)[0] == becomes


def test_what_may_be_tried_again_is(vault: Vault, siti: str) -> None:
    """After a pause that grows, and with the others waiting behind it."""
    queue(vault, siti, "satu", "dua")
    pump(vault, NOON, refuse(End.RETRY, code="500"))
    assert states(vault) == ["queued", "queued"]
    assert talk(vault, siti).send_at == NOON + 4
    assert pump(vault, NOON + 3) == []
    assert [parcel.attempts for parcel in pump(vault, NOON + 4)] == [2, 1]


def test_a_provider_may_ask_for_a_longer_pause(vault: Vault, siti: str) -> None:
    """429 with retry_after, up to an hour."""
    queue(vault, siti, "satu")
    pump(vault, NOON, refuse(End.RETRY, retry_after=33.0))
    assert talk(vault, siti).send_at == NOON + 33
    pump(vault, NOON + 33, refuse(End.RETRY, retry_after=9e9))
    assert talk(vault, siti).send_at == NOON + 33 + HOUR


@pytest.mark.parametrize(("urgency", "hours"), [("normal", 4), ("high", 12), ("critical", 24)])
def test_what_never_goes_out_fails_in_the_end_and_is_shown(
    vault: Vault, siti: str, urgency: str, hours: int
) -> None:
    """The more urgent, the longer it is tried."""
    queue(vault, siti, "satu", urgency=urgency)
    now = NOON
    while states(vault) == ["queued"]:
        now = talk(vault, siti).send_at
        pump(vault, now, refuse(End.RETRY, code="503", words="Gangguan", retry_after=1800.0))
    assert (hours - 0.6) * HOUR < now - NOON <= hours * HOUR
    with db.read(vault.engine) as connection:
        [trouble] = outbox.troubles(connection)
    assert (trouble.state, trouble.code, trouble.words) == ("failed", "too_old", "Gangguan")


def test_a_message_is_tried_at_least_once_however_old(vault: Vault, siti: str) -> None:
    """After two days without a sender, or with a clock that jumped ahead, nothing is dropped."""
    queue(vault, siti, "satu")
    assert len(pump(vault, NOON + 2 * DAY)) == 1


def test_the_urgent_sets_the_pace_of_what_stands_before_it(vault: Vault, siti: str) -> None:
    """A critical message waits no longer behind a normal one than it would by itself."""
    queue(vault, siti, "satu")
    queue(vault, siti, "dua", urgency="critical")
    now = NOON
    for _ in range(12):
        pump(vault, now, refuse(End.RETRY))
        now = talk(vault, siti).send_at
    last = rows(vault)[0].status_at
    assert now - last == 60


def test_a_refused_message_fails_and_the_next_goes_out(vault: Vault, siti: str) -> None:
    """Too long, say: the caller still gets the rest."""
    queue(vault, siti, "satu", "dua")
    ends = iter([Delivery(end=End.REFUSED, code="400", words="Terlalu panjang")])
    sent = Delivery(end=End.SENT, provider_id="x")
    pump(vault, NOON, lambda _: next(ends, sent))
    assert states(vault) == ["failed", "sent"]


def test_a_caller_who_cannot_be_reached_keeps_her_messages(vault: Vault, siti: str) -> None:
    """Blocked: nothing is tried until she writes, then everything comes, in order."""
    queue(vault, siti, "satu", "dua")
    went = pump(vault, NOON, refuse(End.UNREACHABLE, code="403-blocked"))
    assert len(went) == 1
    assert states(vault) == ["held", "held"]
    assert {row.hold for row in rows(vault)} == {Hold.UNREACHABLE}
    assert talk(vault, siti).unreachable == "403-blocked"
    assert events(vault) == ["unreachable"]
    assert pump(vault, NOON + DAY) == []
    with db.write(vault.engine) as connection:
        change(connection, siti, heard_at=NOON + DAY, unreachable=None)
        outbox.wake_held(connection, siti, NOON + DAY)
    assert [parcel.reply.text for parcel in pump(vault, NOON + DAY)] == ["satu", "dua"]


def test_a_stop_at_the_provider_is_a_stop_here(vault: Vault, siti: str) -> None:
    """21610: nothing that we begin goes out any more."""
    queue(vault, siti, "satu", purpose=Purpose.RESPONDER)
    pump(vault, NOON, refuse(End.OPTED_OUT, code="21610"))
    assert talk(vault, siti).opted_out_at == NOON
    queue(vault, siti, "dua", purpose=Purpose.NOTICE)
    assert pump(vault, NOON + 60) == []
    assert {row.hold for row in rows(vault)} == {Hold.OPTED_OUT}


def test_a_wrong_account_costs_no_message_its_time(vault: Vault, siti: str) -> None:
    """It waits for the operator, however long, and is shown."""
    queue(vault, siti, "satu")
    now = NOON
    for _ in range(3):
        pump(vault, now, refuse(End.MISCONFIGURED, code="20003"))
        now += 20 * HOUR
    with db.read(vault.engine) as connection:
        [trouble] = outbox.troubles(connection)
    assert (trouble.state, trouble.hold, trouble.code) == ("queued", "misconfigured", "20003")
    assert len(pump(vault, now)) == 1


def test_a_shut_window_sends_one_template_and_waits_for_him(vault: Vault, budi: str) -> None:
    """Content-free; the words come when he has answered, in order, and no second template."""
    queue(vault, budi, "satu", "dua", purpose=Purpose.RESPONDER, urgency="critical")
    [template] = pump(vault, NOON)
    assert template.template
    assert template.reply == Reply("")
    assert states(vault) == ["held", "held", "sent"]
    assert rows(vault)[-1].urgency == "critical"
    queue(vault, budi, "tiga", purpose=Purpose.RESPONDER, now=NOON + HOUR)
    assert pump(vault, NOON + HOUR) == []
    with db.write(vault.engine) as connection:
        change(connection, budi, heard_at=NOON + 2 * HOUR)
        outbox.wake_held(connection, budi, NOON + 2 * HOUR)
    went = pump(vault, NOON + 2 * HOUR)
    assert [parcel.reply.text for parcel in went] == ["satu", "dua", "tiga"]


def test_each_shut_window_has_its_own_template(vault: Vault, budi: str) -> None:
    """He answered the first; a day later another is needed."""
    queue(vault, budi, "satu", purpose=Purpose.RESPONDER)
    assert [parcel.template for parcel in pump(vault, NOON)] == [True]
    with db.write(vault.engine) as connection:
        change(connection, budi, heard_at=NOON + 60)
        outbox.wake_held(connection, budi, NOON + 60)
    assert [parcel.template for parcel in pump(vault, NOON + 60)] == [False]
    queue(vault, budi, "dua", purpose=Purpose.RESPONDER, now=NOON + 2 * DAY)
    assert [parcel.template for parcel in pump(vault, NOON + 2 * DAY)] == [True]


def test_the_provider_may_know_better_that_the_window_is_shut(vault: Vault) -> None:
    """63016 although our books say it is open: the words wait, the template goes."""
    talks = open_conversation(vault, BUDI, Channel.WHATSAPP, heard_at=NOON - 60)
    queue(vault, talks, "satu")
    shut = Delivery(end=End.WINDOW_SHUT, code="63016")
    sent = Delivery(end=End.SENT, provider_id="t")
    went = pump(vault, NOON, lambda parcel: sent if parcel.template else shut)
    assert [parcel.template for parcel in went] == [False, True]
    assert states(vault) == ["held", "sent"]


def test_a_template_that_came_too_late_is_dropped(vault: Vault, budi: str) -> None:
    """He wrote before it could go out: it would only puzzle him."""
    queue(vault, budi, "satu", purpose=Purpose.RESPONDER)
    pump(vault, NOON, refuse(End.RETRY))
    with db.write(vault.engine) as connection:
        change(connection, budi, heard_at=NOON + 60)
        outbox.wake_held(connection, budi, NOON + 60)
    assert [parcel.template for parcel in pump(vault, NOON + 60)] == [False]
    assert states(vault) == ["sent", "failed"]
    with db.read(vault.engine) as connection:
        assert outbox.troubles(connection) == []


def test_her_hours_are_obeyed_to_the_minute(vault: Vault, siti: str) -> None:
    """Held, not dropped, and looked at when they begin."""
    rules = {"safe": [[21 * 60, 23 * 60]], "tz": "Asia/Jakarta"}
    sealed = vault.keyring.seal(json.dumps(rules), "conversations.contact_rules")
    with db.write(vault.engine) as connection:
        change(connection, siti, contact_rules_sealed=sealed)
    [number] = queue(vault, siti, "satu", purpose=Purpose.RESPONDER)
    assert pump(vault, NOON) == []
    [row] = rows(vault)
    assert (row.state, row.hold, row.next_at) == ("held", Hold.SAFE_HOURS, NOON + 9 * HOUR)
    assert talk(vault, siti).send_at == NOON + 9 * HOUR
    assert pump(vault, NOON + 9 * HOUR - 1) == []
    assert [parcel.id for parcel in pump(vault, NOON + 9 * HOUR)] == [number]


def test_rules_that_are_not_rules_hold(vault: Vault, siti: str) -> None:
    """Sealed by a newer version, or damaged."""
    for plain in ("[]", "no", '{"safe": 1}'):
        sealed = vault.keyring.seal(plain, "conversations.contact_rules")
        with db.write(vault.engine) as connection:
            change(connection, siti, contact_rules_sealed=sealed)
        queue(vault, siti, "satu", purpose=Purpose.NOTICE)
        assert pump(vault, NOON) == []


def test_a_responder_may_send_in_spite_of_the_hold(vault: Vault, siti: str) -> None:
    """Once looked at, it goes; and a try that must be repeated stays looked at."""
    with db.write(vault.engine) as connection:
        change(connection, siti, neutral=True)
    [number] = queue(vault, siti, "satu", purpose=Purpose.RESPONDER)
    assert pump(vault, NOON) == []
    with db.write(vault.engine) as connection:
        assert outbox.waive(connection, number, NOON)
    pump(vault, NOON, refuse(End.RETRY))
    assert len(pump(vault, NOON + 60)) == 1
    with db.write(vault.engine) as connection:
        assert not outbox.waive(connection, number, NOON), "it is gone"


@pytest.mark.parametrize(("address", "held"), [("+6281200001111", True), ("+60123000001", False)])
def test_the_night_of_sms_is_indonesias(vault: Vault, address: str, held: bool) -> None:
    """Ten in the evening: no network there carries it, elsewhere it goes."""
    talks = open_conversation(vault, address, Channel.SMS)
    queue(vault, talks, "satu", purpose=Purpose.RESPONDER)
    went = pump(vault, NOON + 10 * HOUR, quiet=(20, 8))
    assert (went == []) is held


def test_a_damaged_message_fails_by_itself(vault: Vault, siti: str) -> None:
    """It is shown, and the next goes out."""
    first, _ = queue(vault, siti, "satu", "dua")
    with db.write(vault.engine) as connection:
        broken = sa.update(table).where(table.c.id == first).values(body_sealed=b"x" * 40)
        connection.execute(broken)
    assert [parcel.reply.text for parcel in pump(vault, NOON)] == ["dua"]
    assert (states(vault), rows(vault)[0].error_code) == (["failed", "sent"], "unreadable")


@pytest.mark.parametrize("jump", [-400 * DAY, -2 * HOUR, 400 * DAY])
def test_a_clock_that_jumps_loses_nothing(vault: Vault, siti: str, jump: float) -> None:
    """What a wrong clock wrote is looked at anew, goes out once, and nobody's hold lasts."""
    queue(vault, siti, "satu", "dua")
    claim(vault, "dead", NOON)
    begin(vault, siti, "dead", NOON)
    now = NOON + jump
    with db.write(vault.engine) as connection:
        dispatch.look_again(connection, now)
    went = [parcel.reply.text for parcel in pump(vault, now)]
    assert went == ["dua"]


def test_what_a_clock_far_ahead_wrote_is_due_without_anybody_noticing(
    vault: Vault, siti: str
) -> None:
    """Nothing is ever due later than a day from now."""
    queue(vault, siti, "satu", now=NOON + 400 * DAY)
    assert len(pump(vault, NOON)) == 1


def test_a_write_during_the_last_look_is_not_forgotten(vault: Vault, siti: str) -> None:
    """Giving a conversation back and queueing a message at the same moment, many times."""
    for number in range(10):
        queue(vault, siti, "satu", now=NOON)
        together = threading.Barrier(2)

        def write(number: int = number, together: threading.Barrier = together) -> None:
            together.wait()
            queue(vault, siti, f"late {number}", now=NOON)

        late = threading.Thread(target=write)
        late.start()
        [conversation] = claim(vault, "a", NOON)
        parcel = begin(vault, conversation, "a", NOON)
        assert parcel is not None
        finish(vault, parcel, End.SENT, NOON, provider_id=f"p{parcel.id}")
        together.wait()
        with db.write(vault.engine) as connection:
            if dispatch.goes_on(connection, vault.keyring, siti, holder("a"), now=NOON):
                dispatch.release(connection, siti, holder("a"), at=NOON)
        late.join()
        pump(vault, NOON)
        assert set(states(vault)) == {"sent"}


def test_local_messages_are_never_the_senders(vault: Vault, siti: str) -> None:
    """The try-out page reads them itself."""
    with db.write(vault.engine) as connection:
        outbox.add(
            connection, vault.keyring, siti, [Reply("halo")],
            inbox_id=None, author="bot", now=NOON, state=OutboxState.SENT,
        )  # fmt: skip
    assert claim(vault, "a", NOON) == []
