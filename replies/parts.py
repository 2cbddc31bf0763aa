"""Cuts replies that are too long for one message of a channel, at sentences and in order."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hotline.messages import Channel, Choice, Reply
from replies.render import (
    REST,
    TELEGRAM_TEXT,
    WHATSAPP_BODY,
    WHATSAPP_TEXT,
    form,
    segments,
    to_gsm7,
    units,
)

# What one SMS answer may cost before the caller asks for more, in parts as the network bills them.
_AT_ONCE = 6
_ASK_FOR_REST = "LANJUT"
# The room a menu must leave for its question; one that leaves less goes out longer than wished.
_QUESTION = 20
# Between these digits no line may break: telephone numbers, keys, amounts.
_ATOM = re.compile(r"(?:\+|\bRp\.? ?)?\d(?:[ ().\-/\u00a0]{0,3}\d)+")
_BREAKS = (
    re.compile(r"\n\s*|(?<=[.!?…])[\"')\]]*\s+"),  # lines and sentences
    re.compile(r"(?<=[,;:])\s+"),
    re.compile(r"\s+"),
)
# A sentence that ends so early would leave most of a message empty: cut at a comma or word then.
_WORTH = 1 / 3

_Fits = Callable[[str], bool]


@dataclass(frozen=True)
class _Room:
    """How long one message on a channel may be."""

    channel: str
    budget: int

    def takes(self, text: str, choices: tuple[Choice, ...] = ()) -> bool:
        made = form(Reply(text, choices), self.channel)
        if self.channel == Channel.SMS:
            return segments(made.text) <= self.budget
        if self.channel == Channel.WHATSAPP:
            return units(made.plain) <= WHATSAPP_TEXT and not (
                made.titles and units(text) > WHATSAPP_BODY
            )
        return self.channel != Channel.TELEGRAM or units(text) <= TELEGRAM_TEXT


def cut(reply: Reply, channel: str, budget: int, more: str = "") -> list[Reply]:
    """Cut one reply into messages; see `fit`."""
    return fit([reply], channel, budget, more)


def fit(
    replies: Sequence[Reply], channel: str, budget: int, more: str = "", *, author: str = ""
) -> list[Reply]:
    """Cut the replies of one turn into messages that their channel carries, in order.

    `budget` is the most parts one SMS may have. With `more` ("Balas LANJUT untuk sisanya.") a
    very long SMS ends with that sentence, and the rest waits behind a choice that is not shown:
    see `is_rest`; it keeps its `author`. Without it all parts go out. The choices stay with the
    last part.
    """
    room = _Room(channel, budget)
    made: list[Reply] = []
    rests: list[Reply] = []
    for reply in replies:
        shown, rest = _cut(reply, room, more)
        made += shown
        rests += [rest] if rest else []
    if rests:
        left = [rest.to_dict() | ({"author": author} if author else {}) for rest in rests]
        waiting = json.dumps(left, ensure_ascii=False)
        last = made[-1]
        made[-1] = Reply(last.text, (*last.choices, Choice(_ASK_FOR_REST, REST + waiting)))
    return made


def is_rest(choice: Choice) -> bool:
    """Say whether a picked choice asks for what was left out, and not for the bot."""
    return choice.payload.startswith(REST)


def rest_of(choice: Choice) -> list[Reply]:
    """Give what was left out; it has to go through `fit` again."""
    return [Reply.from_dict(plain) for plain in json.loads(choice.payload.removeprefix(REST))]


def author_of_rest(choice: Choice) -> str:
    """Name whose words were left out; empty where they are the bot's."""
    return str(json.loads(choice.payload.removeprefix(REST))[0].get("author", ""))


def at_once(budget: int) -> int:
    """Say how many parts of SMS go out before the caller is asked whether she wants the rest."""
    return max(2, _AT_ONCE // budget) * budget


def _cut(reply: Reply, room: _Room, more: str) -> tuple[list[Reply], Reply | None]:
    if room.takes(reply.text, reply.choices):
        return [reply], None
    # A menu that fills a message by itself is not torn; it goes out longer than wished.
    menu = reply.choices if room.takes("x" * _QUESTION, reply.choices) else ()
    if room.channel != Channel.SMS:
        texts = _slice(reply.text, room, menu, lambda text: text)
        return _with_choices(texts, reply.choices), None
    text = to_gsm7(reply.text)
    texts = _numbered(text, room, menu)
    most = at_once(room.budget) // room.budget
    if not more or len(texts) <= most:
        return _with_choices(texts, reply.choices), None
    return _shorten(text, reply.choices, room, most, to_gsm7(more))


def _with_choices(texts: Sequence[str], choices: tuple[Choice, ...]) -> list[Reply]:
    return [*(Reply(text) for text in texts[:-1]), Reply(texts[-1], choices)]


def _numbered(text: str, room: _Room, menu: tuple[Choice, ...]) -> list[str]:
    """Cut into parts marked "(1/2)": networks let a later part overtake an earlier one."""
    for digits in ("9", "99", "999"):
        mark = f"({digits}/{digits}) "
        texts = _slice(text, room, menu, mark.__add__)
        if len(texts) <= int(digits):
            break
    if len(texts) == 1:
        return texts
    return [f"({place}/{len(texts)}) {part}" for place, part in enumerate(texts, 1)]


def _shorten(
    text: str, choices: tuple[Choice, ...], room: _Room, most: int, more: str
) -> tuple[list[Reply], Reply]:
    """Give the first `most` parts, the last of them with the word that gets the rest."""
    shown: list[Reply] = []
    for place in range(1, most + 1):
        mark, tail = f"({place}/{most}) ", f"\n{more}" if place == most else ""
        part, text = _split(text, _dressed(room, mark, tail))
        shown.append(Reply(mark + part + tail))
    return shown, Reply(text, choices)


def _dressed(room: _Room, mark: str, tail: str) -> _Fits:
    return lambda head: room.takes(mark + head + tail)


def _slice(
    text: str, room: _Room, menu: tuple[Choice, ...], dress: Callable[[str], str]
) -> list[str]:
    texts = []
    while not room.takes(dress(text), menu):
        head, text = _split(text, lambda head: room.takes(dress(head)))
        texts.append(head)
    return [*texts, text]


def _split(text: str, fits: _Fits) -> tuple[str, str]:
    """Cut off the longest beginning that fits, at the best place; neither half is empty."""
    atoms = [found.span() for found in _ATOM.finditer(text)]
    ranks = [_places(text, rank, atoms) for rank in _BREAKS]
    furthest = _last_fitting(text, ranks[-1], fits)
    for places in ranks:
        place = _last_fitting(text, places, fits)
        if place and place >= furthest * _WORTH:
            return text[:place].rstrip(), text[place:]
    # One word, longer than a message: nothing better is left than to cut it.
    place = _last_fitting(text, range(1, len(text)), fits) or 1
    return text[:place], text[place:]


def _places(text: str, rank: re.Pattern[str], atoms: Sequence[tuple[int, int]]) -> list[int]:
    ends = [found.end() for found in rank.finditer(text) if 0 < found.start() < found.end()]
    return [
        end
        for end in ends
        if end < len(text) and not any(start < end < stop for start, stop in atoms)
    ]


def _last_fitting(text: str, places: Sequence[int], fits: _Fits) -> int:
    count = bisect_right(places, False, key=lambda place: not fits(text[:place].rstrip()))
    return places[count - 1] if count else 0
