"""What the bot made of a message, in words of fixed lists; never what was written."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Everything a message can want; the same names as the folders of data/nlu hold.
INTENTS = (
    "emergency", "report_trafficking", "report_missing", "ask_return", "check_recruiter",
    "check_offer", "ticket_status", "add_to_report", "withdraw_report", "delete_my_data",
    "ask_human", "change_language", "faq/requirements", "faq/documents", "faq/procedure",
    "faq/costs", "faq/contract", "faq/wages_rights", "faq/insurance", "faq/passport_visa",
    "faq/destinations", "faq/red_flags", "faq/what_is_trafficking", "faq/victim_rights",
    "faq/reporting", "faq/confidentiality", "faq/contacts", "faq/local_services", "faq/training",
    "faq/health_check", "faq/seafarers", "faq/undocumented", "faq/scam_compounds",
    "faq/internship", "faq/marriage_migration", "faq/reintegration", "faq/remittance",
    "menu", "start_over", "bot_challenge", "affirm", "deny", "greet", "thanks", "goodbye",
    "out_of_scope",
)  # fmt: skip
_WORD = re.compile(r"[a-z_]{1,20}(?:/[a-z_]{1,20})?")
_CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Understood:
    """One reading: the intent that was acted on, how sure the model was, and the language heard.

    Besides INTENTS, an intent may be one of the bot's own: `nlu_fallback` (too unsure),
    `inform` (an answer within a task), `share_location`, `share_contact`.
    """

    intent: str
    confidence: float
    language: str = ""  # empty: none was heard, as behind a tapped choice


def understood(intent: object, confidence: object, language: object) -> Understood | None:
    """Take a reading as it came over the wire; None for anything but words of fixed lists."""
    if not isinstance(intent, str) or not _WORD.fullmatch(intent):
        return None
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        return None
    code = language if isinstance(language, str) and _CODE.fullmatch(language) else ""
    return Understood(intent, min(1.0, max(0.0, float(confidence))), code)
