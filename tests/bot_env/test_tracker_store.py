"""Where conversations are kept: sealed, short, and gone when asked."""

import sqlite3

import pytest
from cryptography.exceptions import InvalidTag
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import CACHED, KEPT_TURNS, LONGEST, SealedTrackerStore, shorten

SECRET = "paspor saya ditahan majikan di Johor"


@pytest.fixture
def open_store(domain, keyring_file, tmp_path, monkeypatch):
    """Give a way to open the store, as a restart of Rasa would."""
    monkeypatch.setenv("SUAR_KEYRING", str(keyring_file))
    monkeypatch.setenv("SUAR_TRACKER_URL", f"sqlite:///{tmp_path / 'trackers.db'}")
    return lambda **more: SealedTrackerStore(domain, **more)


def turns(count, domain, conversation="c0ffee"):
    """Build a conversation of many turns, with slots and an open loop set early on."""
    events = [SlotSet("language", "jv"), SlotSet("country", "MY"), ActiveLoop("task_form")]
    events.append(SlotSet("task", {"kind": "report", "asked": "where", "data": {"ticket": 7}}))
    for number in range(count):
        events += [
            UserUttered(f"pesan {number}", {"name": "inform"}, message_id=str(number)),
            ActionExecuted("task_form"),
            BotUttered(f"jawaban {number}", {"buttons": None}),
            ActionExecuted("action_listen"),
        ]
    return DialogueStateTracker.from_events(conversation, events, slots=domain.slots, domain=domain)


async def test_a_conversation_comes_back_after_a_restart(open_store, domain):
    """Slots, loop and words are as they were."""
    await open_store().save(turns(3, domain))
    back = await open_store().retrieve("c0ffee")
    assert back.get_slot("task")["data"] == {"ticket": 7}
    assert back.active_loop_name == "task_form"
    assert [e.text for e in back.events if isinstance(e, UserUttered)][-1] == "pesan 2"


async def test_an_unknown_conversation_is_none(open_store):
    """Rasa then begins a new one."""
    assert await open_store().retrieve("nobody") is None


async def test_no_word_stands_readable_in_the_file(open_store, domain, tmp_path):
    """Whoever copies the database has bytes."""
    tracker = turns(1, domain)
    tracker.update(UserUttered(SECRET, {"name": "inform"}))
    await open_store().save(tracker)
    for file in tmp_path.glob("trackers.db*"):
        raw = file.read_bytes()
        assert b"Johor" not in raw
        assert b"paspor" not in raw


async def test_a_damaged_row_is_an_error(open_store, domain, tmp_path):
    """It must not pass for an empty conversation."""
    await open_store().save(turns(1, domain))
    with sqlite3.connect(tmp_path / "trackers.db") as connection:
        [(body,)] = connection.execute("select body from rasa_trackers")
        connection.execute(
            "update rasa_trackers set body = ?", (body[:-1] + bytes([body[-1] ^ 1]),)
        )
    with pytest.raises(InvalidTag):
        await open_store().retrieve("c0ffee")


async def test_saving_again_replaces_the_row(open_store, domain, tmp_path):
    """One conversation is one row."""
    store = open_store()
    await store.save(turns(1, domain))
    await store.save(turns(2, domain))
    assert list(await store.keys()) == ["c0ffee"]


async def test_an_erased_conversation_is_gone_from_memory_and_file(open_store, domain):
    """The caller asked for it."""
    store = open_store()
    await store.save(turns(1, domain))
    store.erase("c0ffee")
    assert await store.retrieve("c0ffee") is None
    assert list(await store.keys()) == []


async def test_a_failed_turn_is_forgotten_from_memory(open_store, domain):
    """After an error only what was written counts."""
    store = open_store()
    await store.save(turns(1, domain))
    unsaved = await store.retrieve("c0ffee")
    unsaved.update(UserUttered("tidak pernah ditulis"))
    store.forget_cached("c0ffee")
    back = await store.retrieve("c0ffee")
    assert all(getattr(e, "text", "") != "tidak pernah ditulis" for e in back.events)


async def test_an_old_conversation_is_gone_at_the_next_start(open_store, domain, tmp_path):
    """Callers' words are not kept for ever."""
    await open_store().save(turns(1, domain))
    with sqlite3.connect(tmp_path / "trackers.db") as connection:
        connection.execute("update rasa_trackers set saved_at = saved_at - 31 * 86400")
    assert list(await open_store(keep_days=30).keys()) == []


async def test_what_another_process_deleted_does_not_come_back_from_memory(
    open_store, domain, tmp_path
):
    """Her words were deleted at her wish: the next turn begins anew and writes nothing back."""
    store = open_store()
    await store.save(turns(3, domain))
    await store.save(turns(3, domain, "other"))
    with sqlite3.connect(tmp_path / "trackers.db") as connection:
        connection.execute("delete from rasa_trackers where sender_id = 'c0ffee'")
    assert await store.retrieve("c0ffee") is None
    fresh = await store.get_or_create_tracker("c0ffee")
    assert [e for e in fresh.events if isinstance(e, UserUttered)] == []
    assert await store.retrieve("other") is await store.retrieve("other")


async def test_memory_keeps_only_so_many(open_store, domain):
    """A busy day does not fill the memory; the file has them all."""
    store = open_store()
    for number in range(CACHED + 3):
        await store.save(turns(1, domain, f"c{number}"))
    assert len(store._cache) == CACHED
    assert await store.retrieve("c0") is not None


def test_a_short_conversation_is_left_as_it_is(domain):
    """Nothing is cut before it must be."""
    tracker = turns(3, domain)
    assert shorten(tracker, domain) is tracker


def test_a_long_conversation_is_cut_to_its_last_turns(domain):
    """The slots, the loop and the last messages stay; the cost of a turn stops growing."""
    short = shorten(turns(60, domain), domain)
    words = [e.text for e in short.events if isinstance(e, UserUttered)]
    assert words == [f"pesan {number}" for number in range(60 - KEPT_TURNS, 60)]
    assert len(short.events) < LONGEST
    assert short.get_slot("language") == "jv"
    assert short.get_slot("country") == "MY"
    assert short.get_slot("task")["kind"] == "report"
    assert short.active_loop_name == "task_form"
    assert short.latest_action_name == "action_listen"


def test_a_closed_loop_is_not_opened_again_by_cutting(domain):
    """What ended before the cut stays ended."""
    tracker = turns(50, domain)
    tracker.update(ActiveLoop(None))
    tracker.update(SlotSet("task", None))
    for number in range(50, 62):
        tracker.update(UserUttered(f"pesan {number}", {"name": "greet"}))
        tracker.update(BotUttered("ya"))
    short = shorten(tracker, domain)
    assert short.active_loop_name is None
    assert short.get_slot("task") is None


async def test_cutting_twice_loses_nothing_more(open_store, domain):
    """A conversation that is saved for weeks keeps its slots."""
    store, tracker = open_store(), turns(60, domain)
    for _ in range(3):
        await store.save(tracker)
        tracker = await store.retrieve("c0ffee")
        for number in range(40):
            tracker.update(UserUttered(f"lagi {number}", {"name": "inform"}))
            tracker.update(BotUttered("ya"))
            tracker.update(ActionExecuted("action_listen"))
    assert tracker.get_slot("task")["data"] == {"ticket": 7}
    assert tracker.active_loop_name == "task_form"


def test_a_damaged_keyring_stops_rasa_at_start(open_store, keyring_file):
    """Better no bot than one that writes what nobody can open."""
    keyring_file.write_text("{}")
    with pytest.raises(KeyError):
        open_store()
