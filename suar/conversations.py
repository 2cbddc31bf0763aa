"""`suar conversations`: a responder at the command line sees, takes, answers and gives back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, TextIO

from channels.internal import plain, plain_standing
from hotline.messages import Hold
from hotline.settings import Settings
from replies.takeover import Counter
from store.overview import Line, Standing
from store.texts import load_texts
from store.vault import Vault

OPERATOR = "operator"
# When a hold without a moment of its own ends.
_ENDS = {
    Hold.WINDOW.value: "until she writes",
    Hold.SAFE_HOURS.value: "until somebody has read what she said about hours, or releases it",
    Hold.OPTED_OUT.value: "until she writes, or takes STOP back",
    Hold.DO_NOT_WRITE.value: "until somebody releases it, or a watched caller writes LANJUT",
    Hold.UNREACHABLE.value: "until she writes",
}


def make_counter(vault: Vault, settings: Settings) -> Counter:
    """Open the counter of this installation."""
    return Counter(
        vault=vault,
        texts=load_texts(),
        claim_seconds=settings.channels.claim_seconds,
        sms_segments=settings.channels.sms_segments,
        quiet=settings.channels.sms_quiet,
    )


def listing(counter: Counter, *, everything: bool, as_json: bool, out: TextIO) -> int:
    """Print the conversations that need somebody, or all."""
    found = counter.listing(everything=everything)
    if as_json:
        _json([plain_standing(one) for one in found], out)
        return 0
    if not found:
        print("no conversation needs a person", file=out)
    for one in found:
        print(_head(one), file=out)
        for trouble in one.troubles:
            state = _state(trouble.state, trouble.hold, trouble.held_until)
            parts = (state, trouble.code, trouble.words)
            told = " ".join(part for part in parts if part)
            print(f"    message {trouble.id} ({trouble.purpose}): {told}", file=out)
    return 0


def show(counter: Counter, wanted: str, *, by: str | None, as_json: bool, out: TextIO) -> int:
    """Print all of a conversation, or of every conversation of a ticket."""
    found = counter.show(wanted, by=by or OPERATOR)
    if as_json:
        _json([plain(one) for one in found], out)
        return 0
    for whole in found:
        _print(whole, out)
    return 0


def act(
    counter: Counter, action: str, wanted: str, *, by: str | None, text: str, out: TextIO
) -> int:
    """Claim, reply, give back or release, and say what came of it."""
    name = by or counter.holder(wanted) or OPERATOR
    if action == "claim":
        print(f"held by {name} until {_moment(counter.claim(wanted, by=name))}", file=out)
    elif action == "reply":
        print(f"written: messages {counter.reply(wanted, text, by=name)}", file=out)
    elif action == "release":
        print(f"released: messages {counter.release(wanted, by=name)}", file=out)
    else:
        counter.give_back(wanted, by=name)
        print("the bot answers again", file=out)
    return 0


def _state(state: str, hold: str | None, until: float | None) -> str:
    """Say where a message stands; of a held one why, and until when or what it waits for."""
    if hold is None:
        return state
    ends = f"until {_moment(until)}" if until else _ENDS.get(hold, "")
    return f"{state} ({hold}{', ' if ends else ''}{ends})"


def _file(file: dict[str, Any]) -> str:
    parts = (file["kind"], file["state"], file["reason"])
    return f"file {file['id']} ({', '.join(part for part in parts if part)})"


def _json(plain_values: Any, out: TextIO) -> None:
    print(json.dumps(plain_values, ensure_ascii=False, indent=1), file=out)


def _moment(seconds: float | None) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC" if seconds else "-"


def _head(one: Standing) -> str:
    marks = [
        "in danger, nobody has looked" if one.critical else "",
        "needs a person" if one.needs_person else "",
        f"held by {one.claimed_by} until {_moment(one.claimed_until)}" if one.claimed_by else "",
        "may be watched" if one.watched else "",
        f"wrote STOP {_moment(one.opted_out_at)}" if one.opted_out_at else "",
        f"unreachable: {one.unreachable}" if one.unreachable else "",
        f"{one.waiting} waiting" if one.waiting else "",
    ]
    said = "; ".join(mark for mark in marks if mark)
    codes = " ".join(one.tickets) or "-"
    return f"{one.id}  {one.channel}  {codes}  heard {_moment(one.heard_at)}  {said}".rstrip()


def _print(whole: dict[str, Any], out: TextIO) -> None:
    print(_head(whole["standing"]), file=out)
    if whole["rules"]:
        print(f"    rules: {json.dumps(whole['rules'], ensure_ascii=False)}", file=out)
    for line in whole["lines"]:
        print(f"  {_moment(line.at)}  {_said(line)}", file=out)
    for event in whole["events"]:
        print(f"  {_moment(event['at'])}  * {event['kind']} by {event['actor']}", file=out)


def _said(line: Line) -> str:
    if not line.inbound:
        parts = (_state(line.state, line.hold, line.held_until), line.error)
        state = " ".join(part for part in parts if part)
        # The template that asks her to write when WhatsApp's window is shut has no words of ours.
        return f"{line.author} [{state}]: {line.text or '(the template)'}"
    marks = [
        "" if line.kind == "text" else line.kind,
        "taken back" if line.deleted_by_caller else "",
        "cannot be opened" if line.unreadable else "",
        f"at {line.place[0]},{line.place[1]}" if line.place else "",
        f"number {line.contact}" if line.contact else "",
        *(_file(file) for file in line.files),
    ]
    told = ", ".join(mark for mark in marks if mark)
    return f"caller{f' [{told}]' if told else ''}: {line.text}"
