"""What may go out now, what waits and why: the caller's hours, STOP, the window, the order."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.holding import ContactRules, Standing, Waiting, hold_for, plan
from hotline.messages import Channel, Hold, OutboxState, Purpose

NOON = datetime(2024, 11, 22, 5, 0, tzinfo=UTC).timestamp()  # in Jakarta
HOUR = 3600.0
NIGHT = NOON + 10 * HOUR  # ten in the evening
EVENINGS = ContactRules(safe=((21 * 60, 23 * 60),))
TELEGRAM = Standing(channel=Channel.TELEGRAM, heard_at=NOON - 2 * HOUR)
WHATSAPP = Standing(channel=Channel.WHATSAPP, heard_at=NOON - 2 * HOUR)
SMS = Standing(channel=Channel.SMS, heard_at=NOON - 2 * HOUR, quiet=(20, 8))
ANSWER = Waiting(id=1, purpose=Purpose.ANSWER)
RESPONDER = Waiting(id=2, purpose=Purpose.RESPONDER)
NOTICE = Waiting(id=3, purpose=Purpose.NOTICE)
TEMPLATE = Waiting(id=4, purpose=Purpose.NOTICE, template=True)
ALL = [ANSWER, RESPONDER, NOTICE]


@pytest.mark.parametrize("one", ALL)
def test_nothing_speaks_against_it(one: Waiting) -> None:
    """The usual case."""
    assert hold_for(one, TELEGRAM, NOON) is None


@pytest.mark.parametrize("one", [RESPONDER, NOTICE])
def test_outside_safe_hours_what_we_begin_waits_for_them(one: Waiting) -> None:
    """She said nine to eleven in the evening; it is noon."""
    standing = replace(TELEGRAM, rules=EVENINGS)
    assert hold_for(one, standing, NOON) == (Hold.SAFE_HOURS, NOON + 9 * HOUR)
    assert hold_for(one, standing, NOON + 9 * HOUR) is None


def test_an_answer_within_half_an_hour_goes_at_any_time() -> None:
    """She holds the phone, whatever hour it is; half an hour later she may not."""
    standing = replace(TELEGRAM, rules=EVENINGS, heard_at=NOON)
    assert hold_for(ANSWER, standing, NOON + HOUR / 2) is None
    held = hold_for(ANSWER, standing, NOON + HOUR / 2 + 1)
    assert held == (Hold.SAFE_HOURS, NOON + 9 * HOUR)


@pytest.mark.parametrize("one", [RESPONDER, NOTICE])
@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (replace(TELEGRAM, rules=ContactRules(do_not_write=True)), Hold.DO_NOT_WRITE),
        (replace(TELEGRAM, rules=ContactRules(unclear=True)), Hold.SAFE_HOURS),
        (replace(TELEGRAM, watched=True), Hold.DO_NOT_WRITE),
        (replace(TELEGRAM, opted_out=True), Hold.OPTED_OUT),
    ],
)
def test_her_wish_holds_what_we_begin_until_somebody_acts(
    one: Waiting, standing: Standing, why: Hold
) -> None:
    """No time is known at which it ends; an answer to what she has just written is no exception
    to be made."""
    assert hold_for(one, standing, NOON) == (why, None)
    fresh = replace(standing, heard_at=NOON)
    assert hold_for(one, fresh, NOON) == (why, None)
    assert hold_for(ANSWER, fresh, NOON) is None


def test_a_responder_may_send_in_spite_of_her_hours_but_not_of_her_stop() -> None:
    """Waiving is for rules that a person can judge."""
    waived = replace(RESPONDER, waived=True)
    for rules in (EVENINGS, ContactRules(unclear=True), ContactRules(do_not_write=True)):
        assert hold_for(waived, replace(TELEGRAM, rules=rules), NOON) is None
    assert hold_for(waived, replace(TELEGRAM, opted_out=True), NOON) == (Hold.OPTED_OUT, None)
    shut = replace(WHATSAPP, heard_at=NOON - 25 * HOUR)
    assert hold_for(waived, shut, NOON) == (Hold.WINDOW, None)


@pytest.mark.parametrize("one", [RESPONDER, ANSWER, NOTICE])
def test_indonesian_networks_are_silent_at_night(one: Waiting) -> None:
    """Ten in the evening: until eight, ten hours."""
    assert hold_for(one, SMS, NIGHT) == (Hold.QUIET_HOURS, NIGHT + 10 * HOUR)
    assert hold_for(one, SMS, NIGHT + 10 * HOUR) is None


def test_the_night_is_the_recipients() -> None:
    """Ten in Jakarta is midnight in Jayapura and one hour less in Kuala Lumpur's Kuching."""
    jayapura = replace(SMS, zone="Asia/Jayapura")
    assert hold_for(NOTICE, jayapura, NIGHT - 4 * HOUR) is not None  # 18:00 in Jakarta
    assert hold_for(NOTICE, SMS, NIGHT - 4 * HOUR) is None


def test_abroad_only_notices_wait_for_the_morning() -> None:
    """A responder's word to Malaysia at ten in the evening goes out."""
    abroad = replace(SMS, country="MY", zone="Asia/Kuching")
    assert hold_for(RESPONDER, abroad, NIGHT) is None
    assert hold_for(NOTICE, abroad, NIGHT) == (Hold.QUIET_HOURS, NIGHT + 9 * HOUR)


def test_quiet_hours_are_for_sms_only_and_can_be_off() -> None:
    """Telegram makes no network refuse."""
    assert hold_for(NOTICE, replace(TELEGRAM, quiet=(20, 8)), NIGHT) is None
    assert hold_for(NOTICE, replace(SMS, quiet=(0, 0)), NIGHT) is None


@pytest.mark.parametrize("one", ALL)
@pytest.mark.parametrize("heard_at", [None, NOON - 24 * HOUR, NOON - 100 * HOUR])
def test_whatsapp_takes_free_text_only_within_a_day(one: Waiting, heard_at: float | None) -> None:
    """Her last message opened the window; only a template passes a shut one."""
    shut = replace(WHATSAPP, heard_at=heard_at)
    assert hold_for(one, shut, NOON) == (Hold.WINDOW, None)
    assert hold_for(TEMPLATE, shut, NOON) is None
    assert plan([one], shut, NOON).ask_to_write


@pytest.mark.parametrize(
    "standing",
    [
        replace(WHATSAPP, heard_at=None, rules=EVENINGS),
        replace(WHATSAPP, heard_at=None, rules=ContactRules(do_not_write=True)),
        replace(WHATSAPP, heard_at=None, opted_out=True),
        replace(WHATSAPP, heard_at=None, unreachable=True),
        replace(WHATSAPP, heard_at=None, watched=True),
    ],
)
def test_a_template_knows_her_wishes(standing: Standing) -> None:
    """It says nothing, but it rings."""
    assert hold_for(TEMPLATE, standing, NOON) is not None
    assert not plan([RESPONDER], standing, NOON).ask_to_write


@pytest.mark.parametrize("why", [Hold.WINDOW, Hold.OPTED_OUT])
def test_a_provider_knows_better_until_she_writes(why: Hold) -> None:
    """What was refused is not offered again because our books say it could go."""
    refused = replace(ANSWER, refused=why)
    assert hold_for(refused, replace(WHATSAPP, heard_at=NOON), NOON) == (why, None)


@pytest.mark.parametrize("one", ALL)
def test_nothing_goes_where_nothing_arrives(one: Waiting) -> None:
    """Blocked, or no such number."""
    gone = replace(TELEGRAM, unreachable=True, heard_at=NOON)
    assert hold_for(one, gone, NOON) == (Hold.UNREACHABLE, None)


def test_the_oldest_goes_first() -> None:
    """And the others have their turn afterwards."""
    assert plan(ALL, TELEGRAM, NOON).send == ANSWER.id
    assert plan(ALL[1:], TELEGRAM, NOON).send == RESPONDER.id
    assert plan([], TELEGRAM, NOON).send is None


def test_a_message_that_is_tried_again_later_keeps_the_others_back() -> None:
    """Otherwise she would read the second part first."""
    again = replace(ANSWER, next_at=NOON + 60)
    chosen = plan([again, RESPONDER], TELEGRAM, NOON)
    assert (chosen.send, chosen.look_at) == (None, NOON + 60)
    assert plan([again, RESPONDER], TELEGRAM, NOON + 60).send == again.id


def test_a_clock_put_back_delays_nobody() -> None:
    """No pause is longer than an hour, so one that seems to be is none."""
    again = replace(ANSWER, next_at=NOON + 60)
    assert plan([again], TELEGRAM, NOON - 2 * HOUR).send == again.id


def test_an_answer_overtakes_what_is_held_and_nothing_else_does() -> None:
    """She writes at noon; the responder's word still waits for the evening, with the notice."""
    standing = replace(TELEGRAM, rules=EVENINGS, heard_at=NOON)
    answer = replace(ANSWER, id=9)
    chosen = plan([RESPONDER, NOTICE, answer], standing, NOON)
    assert chosen.send == answer.id
    assert set(chosen.held) == {RESPONDER.id, NOTICE.id}


def test_what_a_responder_releases_goes_before_what_is_still_held() -> None:
    """Only the one that was looked at."""
    standing = replace(TELEGRAM, rules=EVENINGS)
    released = replace(NOTICE, waived=True)
    assert plan([RESPONDER, released], standing, NOON).send == released.id


def test_rules_that_cannot_be_read_hold() -> None:
    """Whatever stands there, somebody meant something by it."""
    for plain in ({"safe": "malam"}, {"safe": [[1]]}, {"safe": [["a", "b"]]}, {"safe": 5}):
        assert ContactRules.from_dict(plain).unclear
    read = ContactRules.from_dict({"safe": [[540, 600]], "tz": "Asia/Kuwait", "words": ["x"]})
    assert read == ContactRules(safe=((540, 600),), zone="Asia/Kuwait")


messages = st.builds(
    Waiting,
    id=st.just(0),
    purpose=st.sampled_from(list(Purpose)),
    state=st.sampled_from([OutboxState.QUEUED, OutboxState.HELD]),
    waived=st.booleans(),
    next_at=st.none() | st.floats(NOON - 4000, NOON + 4000),
    refused=st.sampled_from([None, Hold.WINDOW]),
)
standings = st.builds(
    Standing,
    channel=st.sampled_from(list(Channel)),
    heard_at=st.none() | st.floats(NOON - 2 * 86400, NOON + 86400),
    opted_out=st.booleans(),
    unreachable=st.booleans(),
    watched=st.booleans(),
    rules=st.sampled_from([ContactRules(), EVENINGS, ContactRules(do_not_write=True)]),
    quiet=st.sampled_from([(0, 0), (20, 8)]),
)


@given(st.lists(messages, max_size=6), standings, st.floats(NOON - 90000, NOON + 90000))
def test_whatever_waits_has_a_reason_or_a_moment(
    waiting: list[Waiting], standing: Standing, now: float
) -> None:
    """One is sent, or every one is held, behind a held one, or behind one with a time."""
    waiting = [replace(one, id=place) for place, one in enumerate(waiting)]
    chosen = plan(waiting, standing, now)
    if chosen.send is not None:
        assert chosen.send not in chosen.held
        assert hold_for(waiting[chosen.send], standing, now) is None
        same = [one for one in waiting[: chosen.send] if one.purpose == Purpose.ANSWER]
        if waiting[chosen.send].purpose == Purpose.ANSWER:
            assert not same, "one answer has overtaken another"
        return
    if waiting and not chosen.held:
        assert chosen.look_at is not None
    if chosen.look_at is not None:
        assert chosen.look_at > now
