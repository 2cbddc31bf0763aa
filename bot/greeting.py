"""Finds the question behind a greeting: "halo kak mau nanya biaya ke taiwan" asks about costs."""

from __future__ import annotations

import re

_WORD = re.compile(r"\S+")
SMALL_TALK = frozenset({"greet", "goodbye", "thanks", "bot_challenge"})
_GREETING = frozenset(
    "halo hallo hello helo hai hay hi hei hey alo p ping assalamualaikum asalamualaikum "
    "assalamu'alaikum aslm ass asslm samlekum salam wr wb warahmatullahi wabarakatuh selamat "
    "met slmt pagi siang sore malam malem mlm sugeng enjang enjing siyang sonten dalu ndalu "
    "rawuh wilujeng wengi sampurasun rahayu punten permisi pak bu bapak ibu kak kakak min "
    "admin mas mba mbak bang gan sis kang teh neng om tante sir madam good morning afternoon "
    "evening night dear suar semua all there nuwun nuwunsewu kulanuwun sewu ya dong nih".split()
)
# Said before the question itself; they ask nothing.
_LEAD = frozenset(
    "mau mw ingin pengen pingin arep badhe bade hoyong mo izin ijin numpang boleh bisa saya "
    "sy aku kulo kula abdi tanya nanya bertanya tanyain nanyain takon tanglet naros nyuwun "
    "pirsa tangklet dulu sekalian i want would like to ask about can may tolong bantu info "
    "infonya".split()
)
_EDGE = ",.!?:;-~*_()\"'"
_LEAST = 2  # words


def behind_greeting(full_intent: str, text: str) -> str:
    """Give what stands behind the greeting; empty when the message is only polite."""
    if full_intent not in SMALL_TALK:
        return ""
    words = _WORD.findall(text)
    rest = _without(words, _GREETING)
    if len(rest) == len(words):
        return ""
    rest = _without(rest, _GREETING | _LEAD)
    return " ".join(rest) if len(rest) >= _LEAST else ""


def _without(words: list[str], taken: frozenset[str]) -> list[str]:
    at = 0
    while at < len(words) and words[at].strip(_EDGE).lower() in taken | {""}:
        at += 1
    return words[at:]
