"""Where Rasa keeps conversations: sealed, one row each, short, and gone after a while."""

from __future__ import annotations

import json
import logging
import os
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any, Iterable, Optional

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.sealing import Sealer

logger = logging.getLogger(__name__)

# The cost of a turn grows with the events behind it, and every event holds a caller's words.
LONGEST = 160  # events; above it a conversation is cut ...
KEPT_TURNS = 8  # ... to this many of the caller's last messages, with slots and loop as they were
CACHED = 500  # conversations kept ready in memory
PLACE = "rasa_trackers.body"

_table = sa.Table(
    "rasa_trackers",
    sa.MetaData(),
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False, index=True),
)


class SealedTrackerStore(TrackerStore):
    """Keeps each conversation as one sealed row, written once a turn with question and answer."""

    def __init__(
        self,
        domain: Optional[Domain],
        host: Optional[str] = None,
        event_broker: Optional[EventBroker] = None,
        keep_days: float = 30,
        **kwargs: Any,
    ) -> None:
        """Open the database named in SUAR_TRACKER_URL and drop what is older than `keep_days`."""
        super().__init__(domain, event_broker, **kwargs)
        self._sealer = Sealer(Path(os.environ["SUAR_KEYRING"]))
        self._engine = sa.create_engine(
            os.environ["SUAR_TRACKER_URL"], pool_pre_ping=True, hide_parameters=True
        )
        _table.metadata.create_all(self._engine)
        # With the moment at which each was written.
        self._cache: OrderedDict[str, tuple[float, DialogueStateTracker]] = OrderedDict()
        self._forget_before(time.time() - keep_days * 86400)

    def _forget_before(self, moment: float) -> None:
        with self._engine.begin() as connection:
            gone = connection.execute(sa.delete(_table).where(_table.c.saved_at < moment))
        if gone.rowcount:
            logger.info("forgot %d old conversations", gone.rowcount)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation; an error is raised, never swallowed."""
        short = shorten(tracker, self.domain)
        body = json.dumps([event.as_dict() for event in short.events])
        saved_at = time.time()
        values = {"body": self._sealer.seal(body, PLACE), "saved_at": saved_at}
        mine = _table.c.sender_id == tracker.sender_id
        with self._engine.begin() as connection:
            if not connection.execute(sa.update(_table).where(mine).values(values)).rowcount:
                connection.execute(sa.insert(_table), {"sender_id": tracker.sender_id, **values})
        self._remember(short, saved_at)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Read a conversation, from memory when it is there and its row still stands.

        Another process deletes rows, at a caller's wish or because they are old: a copy in memory
        would write all her words back with the next turn.
        """
        mine = _table.c.sender_id == sender_id
        with self._engine.connect() as connection:
            saved_at = connection.execute(sa.select(_table.c.saved_at).where(mine)).scalar()
            known = self._cache.get(sender_id)
            if known is not None and known[0] == saved_at:
                self._cache.move_to_end(sender_id)
                return known[1]
            self.forget_cached(sender_id)
            row = connection.execute(sa.select(_table).where(mine)).first()
        if row is None:
            return None
        events = [Event.from_parameters(e) for e in json.loads(self._sealer.open(row.body, PLACE))]
        tracker = _tracker(sender_id, [e for e in events if e], self.domain)
        self._remember(tracker, row.saved_at)
        return tracker

    def _remember(self, tracker: DialogueStateTracker, saved_at: float) -> None:
        self._cache[tracker.sender_id] = (saved_at, tracker)
        self._cache.move_to_end(tracker.sender_id)
        while len(self._cache) > CACHED:
            self._cache.popitem(last=False)

    def forget_cached(self, sender_id: str) -> None:
        """Drop the copy in memory: after a failed turn it holds what was never written."""
        self._cache.pop(sender_id, None)

    def erase(self, sender_id: str) -> None:
        """Delete a conversation for good."""
        self.forget_cached(sender_id)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_table).where(_table.c.sender_id == sender_id))

    async def keys(self) -> Iterable[str]:
        """Give the ids of all conversations."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_table.c.sender_id)).scalars())


def _tracker(sender_id: str, events: list[Event], domain: Domain) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(sender_id, events, slots=domain.slots, domain=domain)


def shorten(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """Cut a long conversation before one of the caller's messages, keeping slots and loop."""
    events = list(tracker.events)
    said = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(events) <= LONGEST or len(said) <= KEPT_TURNS:
        return tracker
    cut = said[-KEPT_TURNS]
    before = _tracker(tracker.sender_id, events[:cut], domain)
    kept: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    kept += [SlotSet(n, s.value) for n, s in before.slots.items() if s.value is not None]
    if before.active_loop_name:
        kept.append(ActiveLoop(before.active_loop_name))
    kept.append(ActionExecuted(ACTION_LISTEN_NAME))
    return _tracker(tracker.sender_id, kept + events[cut:], domain)
