"""Sends notices to staff by Telegram and e-mail; who is down is left alone for a while."""

from __future__ import annotations

import logging
import smtplib
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from typing import Protocol

from channels.alone import Alone, repeat
from hotline.duty_settings import MailSettings
from hotline.errors import Refused, Retry
from hotline.notices import Later, Way
from hotline.settings import Settings
from store import db, deadline_rules, notice_ways, notices
from store.notice_words import words
from store.notices import Bundle
from store.vault import Vault

logger = logging.getLogger(__name__)
LEASE = "notices"
_LEASE_SECONDS = 180.0
_PATIENCE = 15.0  # seconds for each step of a talk with a mail server
_FAILURE_PAUSE = 30.0


class Road(Protocol):
    """A way to staff; `send` raises Retry when the provider is down, Refused for an address."""

    def send(self, address: str, text: str) -> None:
        """Give one text to the provider."""


class Mail:
    """Notices by e-mail: never without encryption, a new connection for each."""

    def __init__(self, settings: MailSettings) -> None:
        """Make ready; nothing is connected yet."""
        self._settings = settings
        self._context = ssl.create_default_context(cafile=settings.ca_file or None)

    def send(self, address: str, text: str) -> None:
        """Give one text to the mail server."""
        settings = self._settings
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = settings.sender, address, "Suar"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        try:
            with smtplib.SMTP(settings.host, settings.port, timeout=_PATIENCE) as server:
                server.starttls(context=self._context)
                if settings.name:
                    server.login(settings.name, settings.password)
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, _)] = error.recipients.values()
            if 500 <= code <= 599:
                raise Refused(f"refused ({code})") from None
            raise Retry(f"not now ({code})") from None
        except smtplib.SMTPNotSupportedError:
            raise Retry("the server offers no STARTTLS or log-in") from None
        except smtplib.SMTPResponseException as error:
            # A wrong password, a sender it does not know: for the operator, not for this address.
            raise Retry(f"the server refuses ({error.smtp_code})") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Retry(type(error).__name__) from None


class NoticeSender:
    """One process's sender; of several on one database one works, the others stand by."""

    def __init__(
        self,
        vault: Vault,
        roads: Mapping[Way, Road],
        *,
        place: str = "",
        seconds: float = 5.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Send over `roads`, looking every so many `seconds`."""
        self._vault = vault
        self._roads = roads
        self._seconds = seconds
        self._now = now
        self.claim = Alone(vault, LEASE, place=place, seconds=_LEASE_SECONDS)

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set; a fault is noted and looked past, for the next look."""
        repeat(self.look, stop, what=LEASE, seconds=self._seconds, failed=_FAILURE_PAUSE)
        self.claim.give_back()

    def look(self) -> int:
        """Send what waits; returns how many messages went out. 0 also when another one sends."""
        if not self.claim.holds():
            return 0
        return sum(self._send_all(way, road) for way, road in self._roads.items())

    def _send_all(self, way: Way, road: Road) -> int:
        with db.write(self._vault.engine) as connection:
            waiting = notices.take(connection, self._vault.keyring, way, now=self._now())
        count = 0
        for position, bundle in enumerate(waiting):
            try:
                # No database session is open while a provider is asked.
                road.send(bundle.address, words(bundle.kind, bundle.language))
            except Refused as error:
                self._refused(way, bundle, str(error))
            except Retry as error:
                self._failed(way, waiting[position:], error)
                return count
            else:
                count += 1
                with db.write(self._vault.engine) as connection:
                    notices.sent(connection, way, bundle, now=self._now())
            if not self.claim.holds():
                return count  # what we took goes back when its time is over
        return count

    def _refused(self, way: Way, bundle: Bundle, error: str) -> None:
        logger.warning("%s does not take the address of staff %d", way.value, bundle.staff_id)
        with db.write(self._vault.engine) as connection:
            notices.refused(connection, bundle, error, now=self._now())
            notice_ways.note_trouble(connection, bundle.staff_id, way, error)

    def _failed(self, way: Way, left: list[Bundle], error: Retry) -> None:
        told = error.seconds if isinstance(error, Later) else None
        with db.write(self._vault.engine) as connection:
            again = notices.failed(connection, way, left, str(error), now=self._now(), told=told)
        seconds = again - self._now()
        logger.error("notices by %s do not go out (%s); again in %.0f s", way, error, seconds)


def ways_with_settings(settings: Settings) -> list[Way]:
    """List the ways that this installation can use."""
    found = {Way.TELEGRAM: settings.channels.telegram, Way.EMAIL: settings.duty.mail}
    return [way for way, chosen in found.items() if chosen is not None]


def make_roads(settings: Settings) -> dict[Way, Road]:
    """Make every way there are settings for; each loads its library only then."""
    made: dict[Way, Road] = {}
    if settings.channels.telegram is not None:
        from channels.telegram.notices import TelegramNotices

        made[Way.TELEGRAM] = TelegramNotices(settings.channels.telegram)
    if settings.duty.mail is not None:
        made[Way.EMAIL] = Mail(settings.duty.mail)
    return made


def put_in_force(vault: Vault, settings: Settings) -> None:
    """Write down the rules of deadlines and the ways of notices that this installation has."""
    with db.write(vault.engine) as connection:
        deadline_rules.keep(connection, settings.duty.deadlines)
        notices.set_open(connection, ways_with_settings(settings))
