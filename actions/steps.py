"""The urgent step for the place somebody is in: local emergency number and mission, or 110."""

from __future__ import annotations

from actions.desk import Desk
from actions.harvest import HOME
from actions.turn import Turn
from hotline.tickets import Ticket


def steps(ticket: Ticket, turn: Turn, desk: Desk) -> str:
    """Write what to do now where she is, as far as the ticket knows it."""
    known = ticket.known()
    code = known.get("country") or (HOME if "region" in known else None)
    if code is None:
        return desk.phrase(turn, "utter_phrase_steps_unknown")
    if code == HOME:
        return desk.phrase(turn, "utter_phrase_steps_home")
    country = desk.knowledge.country(code)
    assert country is not None
    name = desk.country_name(turn, country)
    said = " ".join(fact.value for fact in ticket.facts)
    contact = desk.mission(country, said)
    if contact is None and country.emergency:
        # No mission's number is known, but help nearby has one, and the head office another.
        contact = next((one for one in desk.from_abroad() if one.channel == "phone"), None)
    if contact is None:
        return desk.phrase(turn, "utter_phrase_steps_abroad_none", country=name)
    local = ""
    if country.emergency:
        number = country.emergency.number
        local = desk.phrase(turn, "utter_phrase_local_emergency", number=number)
    mission = desk.contact_line(turn, contact)
    return desk.phrase(
        turn, "utter_phrase_steps_abroad", country=name, local=local, mission=mission
    )
