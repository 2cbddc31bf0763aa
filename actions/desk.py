"""What the actions work with: the database, the facts, the texts; opened once, at first use."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from actions.harvest import HOME
from actions.turn import Turn
from hotline.hours import JAKARTA, zone_named
from hotline.knowledge import Contact, Country, Knowledge
from hotline.offers import OfferReader
from hotline.settings import ROOT, Settings, load_settings
from hotline.told_dates import told_date
from store.knowledge import load_knowledge
from store.knowledge_edits import KnowledgeCache
from store.offers import load_offer_reader
from store.register.checking import RegisterCache
from store.texts import Texts, load_texts
from store.vault import Vault, open_vault

_MISSIONS = ("KBRI", "KJRI", "KDEI", "KRI", "Konsulat")
_SPOKEN = ("phone", "whatsapp")  # in danger nobody writes an e-mail
# What a number is for is said where it is for less than everything.
_FOR_ALL = frozenset({"umum", "hotline", "pelindungan WNI", "hotline pelindungan WNI"})
_ONLY = "hanya"


@dataclass(frozen=True)
class Desk:
    """Everything an action may need; tests build one with their own database and clock."""

    vault: Vault
    facts: KnowledgeCache
    texts: Texts
    register: RegisterCache
    offers: OfferReader
    settings: Settings
    now: Callable[[], float] = time.time

    @property
    def knowledge(self) -> Knowledge:
        """Give the facts as they hold now: files, and what the console has changed since."""
        return self.facts.current()

    @property
    def today(self) -> date:
        """Give the day in Jakarta by the desk's own clock: nobody tells dates by Greenwich's."""
        return datetime.fromtimestamp(self.now(), zone_named(JAKARTA)).date()

    def phrase(self, turn: Turn, name: str, /, **values: object) -> str:
        """Give a piece of a sentence in the caller's language and channel."""
        return self.texts.get(name, turn.language, turn.channel, **values)

    def country_name(self, turn: Turn, country: Country) -> str:
        """Name a country in the caller's language."""
        return self.texts.translate(turn.language, "country", country.name)

    def told_date(self, turn: Turn, as_of: str) -> str:
        """Tell a date of knowledge/ or of the register as people say it."""
        return told_date(as_of, turn.language)

    def contact_line(self, turn: Turn, contact: Contact, *, purpose: bool = False) -> str:
        """Write one contact with its date, and with its doubt where nobody has confirmed it.

        With `purpose` it says what the number is for, where that is not everything.
        """
        return self.phrase(
            turn,
            "utter_phrase_contact_line",
            unit=", ".join([contact.unit, *(_purpose(contact, turn) if purpose else [])]),
            number=contact.number,
            channel=self.phrase(turn, f"utter_phrase_channel_{contact.channel}"),
            as_of=self.told_date(turn, contact.as_of),
            doubt="" if contact.verified else self.phrase(turn, "utter_phrase_doubt"),
        )

    def best_contacts(self, country: Country, text: str, limit: int) -> list[Contact]:
        """Pick contacts of a country; the one whose area the caller named comes first."""
        said = text.lower()
        found = self.knowledge.contacts_for(country.code, 20)
        near = [c for c in found if any(place in said for place in _places(c))]
        return (near + [c for c in found if c not in near])[:limit]

    def mission(self, country: Country, text: str) -> Contact | None:
        """Pick the Indonesian mission for a place, or else whoever helps there."""
        found = [c for c in self.best_contacts(country, text, 20) if c.channel in _SPOKEN]
        found = [c for c in found if _ONLY not in c.purpose]  # passports, appointments
        missions = [c for c in found if c.unit.startswith(_MISSIONS)]
        return next(iter(missions or found), None)

    def from_abroad(self) -> list[Contact]:
        """List who helps Indonesians everywhere, at numbers that can be dialled from abroad."""
        home = self.knowledge.contacts_for(HOME, 20)
        return [c for c in home if c.channel in _SPOKEN and c.number.startswith("+")]


def _places(contact: Contact) -> list[str]:
    """Give where a contact is near: its area, and the town in a mission's name ("KBRI Riyadh")."""
    kind, _, town = contact.unit.partition(" ")
    seat = [town.lower()] if kind in _MISSIONS and town else []
    return [*(area.lower() for area in contact.area), *seat]


def _purpose(contact: Contact, turn: Turn) -> list[str]:
    """Give what a number is for; by SMS only the part that matters most."""
    if contact.purpose in _FOR_ALL:
        return []
    if turn.channel != "sms":
        return [contact.purpose]
    told = contact.purpose.split(", ")
    return [next((part for part in told if part.startswith(_ONLY)), told[0])]


@cache
def the_desk() -> Desk:
    """Open the desk of this process; wrong settings or files raise here."""
    settings = load_settings()
    vault = open_vault(settings)
    return Desk(
        vault=vault,
        facts=KnowledgeCache(vault.engine, load_knowledge(ROOT / "knowledge")),
        texts=load_texts(),
        register=RegisterCache(vault.engine),
        offers=load_offer_reader(ROOT / "knowledge" / "offer_signs.yml"),
        settings=settings,
    )
