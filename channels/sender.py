"""The sender: carries what waits in the outbox to the providers, in order, at most once each."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from channels.pace import Paces
from channels.sending import Deleter, Delivery, End, Parcel, Transport
from hotline.errors import KeyringError
from hotline.holding import LONGEST_RETRY
from store import db, deletions, dispatch, fates
from store.deletions import Deletion
from store.dispatch import Claimed, Holder, LostLeaseError
from store.heartbeats import process_name
from store.vault import Vault

logger = logging.getLogger(__name__)
_FAILURE_PAUSE = 1.0
_LONG_PAUSE = 60.0  # when our settings or the provider's whole account are the matter
_UNREADABLE_PAUSE = 3600.0
_JUMP = 5.0  # seconds by which the machine's clock must have been moved to matter
_LAST_TRIES = 5.0  # seconds in which an ending sender tries to write down how a try ended
_DELETABLE = 48 * 3600.0  # Telegram's limit


@dataclass(kw_only=True)
class Post:
    """What sending needs; `now` is the clock on the wall, `steady` one that is never set."""

    vault: Vault
    transports: Mapping[str, Transport]
    paces: Paces = field(default_factory=Paces)
    lease: float = 20.0
    quiet: tuple[int, int] = (0, 0)
    alone: str = ""  # see store.dispatch.Holder
    now: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic


class Sender:
    """One process's sender; several may run on one database, each with its own name."""

    def __init__(self, post: Post, *, slots: int, poll: float) -> None:
        """Send in up to `slots` conversations at a time; look for work every `poll` seconds."""
        self._post = post
        self._slots = slots
        self._poll = poll
        self._holder = Holder(
            owner=process_name(), lease=post.lease, quiet=post.quiet, alone=post.alone
        )
        self._busy: set[str] = set()
        self._paused: dict[tuple[str, ...], float] = {}  # until when, by the steady clock
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._renewed_at = post.steady()
        self._drift: float | None = None

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set; what has begun is finished and written down."""
        self._stop = stop
        with ThreadPoolExecutor(self._slots, thread_name_prefix="send") as pool:
            while not stop.is_set():
                try:
                    self._watch_clock()
                    self._renew()
                    claimed = self._claim()
                except db.AWAY as error:
                    logger.error("cannot look for what to send: %s", _kind(error))
                    stop.wait(_FAILURE_PAUSE)
                    continue
                for one in claimed:
                    pool.submit(self._work, one)
                if not claimed:
                    stop.wait(self._poll)

    def _watch_clock(self) -> None:
        """Look at everything anew after the start, and when somebody has set the clock."""
        drift = self._post.now() - self._post.steady()
        if self._drift is not None and abs(drift - self._drift) < _JUMP:
            return
        moved = self._drift is not None
        if self._drift is not None:
            logger.warning("the clock was moved by %.0f seconds", drift - self._drift)
        with db.write(self._post.vault.engine) as connection:
            if moved:
                fates.begin_times_anew(connection)
            dispatch.look_again(connection, self._post.now())
        self._drift = drift

    def _renew(self) -> None:
        # A provider may be slower than a lease is long; only a sender that is gone loses it.
        if self._post.steady() - self._renewed_at < self._post.lease / 4:
            return
        self._renewed_at = self._post.steady()
        with self._lock:
            busy = set(self._busy)
        if busy:
            with db.write(self._post.vault.engine) as connection:
                dispatch.renew(connection, busy, self._holder, self._post.now())

    def _claim(self) -> list[Claimed]:
        with self._lock:
            busy = set(self._busy)
        free, now = self._slots - len(busy), self._post.now()
        if free <= 0:
            return []
        with db.read(self._post.vault.engine) as connection:
            # A cheap look first: SQLite's write lock is for those who have something to write.
            if not dispatch.anything_due(connection, self._holder, now):
                return []
        with db.write(self._post.vault.engine) as connection:
            claimed = dispatch.claim(connection, self._holder, limit=free, now=now, busy=busy)
        with self._lock:
            self._busy.update(one.id for one in claimed)
        return claimed

    def _work(self, claimed: Claimed) -> None:
        """Send everything that may go out in a conversation now, then give it back."""
        try:
            self._send_all(claimed)
        except LostLeaseError:
            logger.warning("sending in conversation %s was taken over", claimed.id)
        except KeyringError:
            logger.error("conversation %s cannot be opened; nothing is sent in it", claimed.id)
            self._give_back(claimed, _UNREADABLE_PAUSE)
        except Exception as error:  # noqa: BLE001 - one conversation must not end the sender
            logger.error("sending in conversation %s: %s", claimed.id, _kind(error))
            self._give_back(claimed, _FAILURE_PAUSE)
        finally:
            with self._lock:
                self._busy.discard(claimed.id)

    def _send_all(self, claimed: Claimed) -> None:
        again_at = self._take_back(claimed)
        transport = self._post.transports.get(claimed.transport)
        if transport is None:
            self._give_back(claimed, _LONG_PAUSE)
            return
        while True:
            if (wait := self._wait_for_place(claimed)) is not None:
                self._give_back(claimed, wait)
                return
            with db.write(self._post.vault.engine) as connection:
                parcel = dispatch.begin_next(
                    connection,
                    self._post.vault.keyring,
                    claimed.id,
                    self._holder,
                    now=self._post.now(),
                    again_at=again_at,
                )
            if parcel is None:
                return
            delivery = _send(transport, parcel)
            self._heed(claimed, parcel, delivery)
            if not self._write_down(claimed, parcel, delivery, again_at):
                return

    def _wait_for_place(self, claimed: Claimed) -> float | None:
        """Wait for the provider's pace; gives the seconds after which to come back instead."""
        keys = ((claimed.transport,), (claimed.transport, claimed.channel))
        with self._lock:
            until = max(self._paused.get(key, 0.0) for key in keys)
        if (pause := until - self._post.steady()) > 0:
            return pause
        wait = self._post.paces.reserve(
            claimed.transport, claimed.channel, claimed.id, self._post.steady()
        )
        self._stop.wait(wait)
        return 0.0 if self._stop.is_set() else None

    def _heed(self, claimed: Claimed, parcel: Parcel, delivery: Delivery) -> None:
        """Pause for everybody when that is what the provider, or our settings, ask for."""
        if delivery.end is End.MISCONFIGURED and not parcel.template:
            logger.error(
                "%s refuses our account or settings for %s (%s): nothing goes out until they "
                "are mended",
                claimed.transport,
                claimed.channel,
                delivery.code,
            )
            key: tuple[str, ...] = (claimed.transport, claimed.channel)
            seconds = _LONG_PAUSE
        elif delivery.everyone:
            key, seconds = (claimed.transport,), delivery.retry_after or _FAILURE_PAUSE
        else:
            return
        with self._lock:
            self._paused[key] = self._post.steady() + min(seconds, LONGEST_RETRY)

    def _write_down(
        self, claimed: Claimed, parcel: Parcel, delivery: Delivery, again_at: float | None
    ) -> bool:
        """Store how a try ended, however long the database is away; True when more may go out."""
        last = None
        while True:
            try:
                return self._store_end(claimed, parcel, delivery, again_at)
            except db.AWAY as error:
                logger.error("cannot write down what was sent: %s", _kind(error))
                if self._stop.is_set():
                    last = last or self._post.steady() + _LAST_TRIES
                    if self._post.steady() > last:
                        raise
                time.sleep(_FAILURE_PAUSE / 2)

    def _store_end(
        self, claimed: Claimed, parcel: Parcel, delivery: Delivery, again_at: float | None
    ) -> bool:
        now, keyring = self._post.now(), self._post.vault.keyring
        with db.write(self._post.vault.engine) as connection:
            dispatch.finish(connection, parcel, delivery, now=now)
            return dispatch.goes_on(
                connection, keyring, claimed.id, self._holder, now=now, again_at=again_at
            )

    def _take_back(self, claimed: Claimed) -> float | None:
        """Delete at the provider what the caller wants gone; gives when to try again."""
        with db.read(self._post.vault.engine) as connection:
            waiting = deletions.pending(connection, claimed.id)
        again_at = None
        for one in waiting:
            left = self._delete(claimed, one)
            now = self._post.now()
            if left is None and now - one.asked_at < _DELETABLE:
                again_at = now + _LONG_PAUSE
                continue
            with db.write(self._post.vault.engine) as connection:
                stayed = len(one.refs) if left is None else len(left)
                deletions.done(connection, claimed.id, one, left=stayed, now=now)
        return again_at

    def _delete(self, claimed: Claimed, deletion: Deletion) -> list[str] | None:
        """Give the refs that stay; None when the provider cannot be reached now."""
        transport = self._post.transports.get(claimed.transport)
        if not isinstance(transport, Deleter):
            return list(deletion.refs)
        with db.read(self._post.vault.engine) as connection:
            address = dispatch.address_of(connection, self._post.vault.keyring, claimed.id)
        try:
            return transport.delete(address, deletion.refs)
        except OSError:
            return None
        except Exception as error:  # noqa: BLE001 - what she wants to hear next must still go out
            logger.error("deleting in conversation %s: %s", claimed.id, _kind(error))
            return list(deletion.refs)

    def _give_back(self, claimed: Claimed, seconds: float) -> None:
        try:
            with db.write(self._post.vault.engine) as connection:
                at = self._post.now() + seconds
                dispatch.release(connection, claimed.id, self._holder, at=at)
        except db.AWAY:
            # The lease will run out by itself, and then somebody takes over.
            logger.error("conversation %s stays leased until that runs out", claimed.id)


def _send(transport: Transport, parcel: Parcel) -> Delivery:
    try:
        return transport.send(parcel)
    except Exception as error:  # noqa: BLE001 - a fault of ours: nobody knows how far it got
        # The kind alone: a library's words may hold an address, a text or a token.
        logger.error("message %s: %s in %s", parcel.id, _kind(error), transport.name)
        return Delivery(end=End.UNCERTAIN, code="fault", words=type(error).__name__)


def _kind(error: Exception) -> str:
    return type(getattr(error, "orig", None) or error).__name__
