"""Count what every text of the bot costs by SMS, in four languages, beside the text for chats.

Run: `python -m benchmarks.segments`. Places in a text are filled with the values below, as long as
such things get in everyday use; what a caller types herself can be longer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import smsutil

from benchmarks.tools.figures import mean, percentile, table, write_section
from hotline.messages import Channel, Reply
from hotline.settings import ROOT, load_settings
from replies.parts import fit
from replies.render import render, segments
from store.knowledge import load_knowledge
from store.texts import Texts, load_texts

LANGUAGES = ("id", "jv", "su", "en")
VALUES = {
    "advice": "Jangan bayar dan jangan serahkan surat asli sebelum tanya BP3MI atau Disnaker.",
    "as_of": "2026-11-22",
    "at": "3.1390, 101.6869",
    "channel": "WhatsApp",
    "city": ", Kabupaten Lombok Timur",
    "code": "SR-7K4M-2Q",
    "country": "Uni Emirat Arab",
    "demo": "",  # never stands beside an origin, which is longer
    "doubt": "Saya tidak bisa memastikan.",
    "grade": "Banyak tanda bahaya dalam tawaran ini.",
    "key": "48213907",
    "known": "negara Malaysia, sejak Maret, nama majikan, paspor ditahan",
    "licence": "Nomor izin tertulis: 427/2024.",
    "licence_no": "427/2024",
    "lines": "Darurat setempat: 999\nKBRI Kuala Lumpur: +60 3-2116 4016\nKP2MI: 0800-1000",
    "local": "999",
    "mission": "KBRI Kuala Lumpur, +60 3-2116 4016",
    "name": "PT Karya Sentosa Mandiri Internasional",
    "number": "+60 3-2116 4016",
    "origin": "siskop2mi.bp2mi.go.id ",
    "place": "Malaysia",
    "query": "PT Karya Sentosa Mandiri Internasional",
    "question": "Di negara mana Anda sekarang?",
    "reasons": "diminta biaya di muka, visa turis, paspor diminta agen",
    "recruiter": "PT Karya Sentosa Mandiri Internasional",
    "source": "daftar KP2MI",
    "state": "sedang ditangani petugas",
    "status": "izin dicabut sementara",
    "steps": "1. Simpan bukti.\n2. Jangan bayar.\n3. Telepon BP3MI.",
    "unit": "BP3MI Nusa Tenggara Barat",
    "until": "31 Desember 2027",
    "wishes": "jangan telepon, tulis hanya malam hari",
}
_PLACE = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Cost:
    """What one text costs in one language."""

    name: str
    sms: int  # parts, over all its messages
    longest: int  # parts of its longest message
    messages: int
    chat: int  # parts of the text for chats, sent by SMS as it is


def costs(texts: Texts, language: str, budget: int) -> Iterator[Cost]:
    """Count every text of bot/domain, and the facts of every destination within it."""
    told = {
        one.code: texts.translate(language, f"destination.{one.code}.sms", one.sms)
        for one in load_knowledge(ROOT / "knowledge").destinations
    }
    for name in sorted(texts.responses):
        replies = [(name, texts.reply(name, language, Channel.SMS, **VALUES))]
        if "{told}" in replies[0][1].text:
            replies = [
                (f"{name}: {code}", texts.reply(name, language, Channel.SMS, told=fact, **VALUES))
                for code, fact in told.items()
            ]
        chat = texts.reply(
            name, language, Channel.WHATSAPP, told=next(iter(told.values())), **VALUES
        )
        for shown, reply in replies:
            yield _cost(shown, reply, chat, budget)


def _cost(name: str, reply: Reply, chat: Reply, budget: int) -> Cost:
    open_places = _PLACE.findall(reply.text)
    assert not open_places, f"{name}: give a value for {open_places}"
    parts = [segments(render(one, Channel.SMS).text) for one in fit([reply], Channel.SMS, budget)]
    menu = "".join(f"\n{n} {one.title}" for n, one in enumerate(chat.choices, 1))
    as_it_is = len(smsutil.split(chat.text + menu).parts)
    return Cost(name, sum(parts), max(parts), len(parts), as_it_is)


def main() -> None:
    """Count and write the section of docs/benchmarks.md."""
    texts, budget = load_texts(), load_settings({}).channels.sms_segments
    found = {language: list(costs(texts, language, budget)) for language in LANGUAGES}
    rows = [_row(language, these, budget) for language, these in found.items()]
    rows.append(_row("all", [one for these in found.values() for one in these], budget))
    headings = (
        "language", "texts", "mean", "p95", "most", "one part", "over budget",
        "text for chats: mean", "p95", "most",
    )  # fmt: skip
    dearest = sorted({(c.sms, c.name) for these in found.values() for c in these}, reverse=True)[:5]
    names = ", ".join(f"`{name}` {parts}" for parts, name in dearest)
    write_section(
        "segments",
        f"""## SMS: parts a network bills for each text

Counted, not timed: the same on every machine. Every text of `bot/domain` in its form for SMS, with
menu and filled places, beside the text for chats sent by SMS as it is. A part is 160 signs of
GSM-7, or 153 of several; one other sign makes it 70, or 67. The budget is {budget} parts a message;
a text over it goes out as several messages.

{table(headings, rows)}

Dearest: {names}.""",
    )


def _row(language: str, these: list[Cost], budget: int) -> tuple[str, ...]:
    sms, chat = [one.sms for one in these], [one.chat for one in these]
    over = sum(one.messages > 1 or one.longest > budget for one in these)
    return (
        language,
        str(len(these)),
        f"{mean(sms):.2f}",
        str(percentile(sms, 95)),
        str(max(sms)),
        f"{100 * sum(one == 1 for one in sms) / len(sms):.0f} %",
        f"{100 * over / len(these):.1f} % ({over})",
        f"{mean(chat):.2f}",
        str(percentile(chat, 95)),
        str(max(chat)),
    )


if __name__ == "__main__":
    main()
