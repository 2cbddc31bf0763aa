"""An invented hotline for trying the console: people of several roles, callers, tickets, shifts."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from PIL import Image, ImageDraw

from hotline.messages import Channel, InboundMessage, Kind, Media, OutboxState, Reply
from hotline.settings import Settings
from hotline.staff import Level, Role, Scope
from hotline.tickets import Category, Urgency
from hotline.understood import Understood
from store import attachments, contact_rules, db, inbox, media_files, outbox, tickets
from store import staff as accounts
from store.console_tables import ticket_regions
from store.duty_tables import duty_shifts
from store.tables import inbox as inbox_table
from store.tables import outbox as outbox_table
from store.tables import tickets as ticket_table
from store.vault import Vault

HOUR, DAY = 3600.0, 86_400.0
# Login, role, region of the scope, unit.
PEOPLE = (
    ("ani", Role.RESPONDER, "", "sapa-129"),
    ("budi", Role.SUPERVISOR, "", "sapa-129"),
    ("citra", Role.DATA_OFFICER, "", ""),
    ("dewi", Role.RESPONDER, "35", "uptd-ppa-3578"),
)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One caller: what she wrote first, and what is known."""

    name: str
    text: str
    channel: Channel
    category: Category
    urgency: Urgency
    ago: float
    facts: tuple[tuple[str, str], ...]
    origin: str = ""
    reasons: tuple[str, ...] = ()
    intent: str = "report_trafficking"


STORIES = (
    Story(
        name="locked",
        text="Tolong kak, saya dikunci di kamar majikan di Johor, paspor diambil. Jangan lapor "
        "polisi, jangan telepon",
        channel=Channel.WHATSAPP, category=Category.EMERGENCY, urgency=Urgency.CRITICAL, ago=240,
        reasons=("locked_in", "phone_taken"), origin="5371", intent="emergency",
        facts=(("where", "rumah majikan, Johor"), ("country", "MY"), ("who", "saya sendiri"),
               ("recruiter", "PT Contoh Karya"), ("phone", "+60123000777"), ("consent", "yes"),
               ("contact_rule", "no_police: jangan lapor polisi"),
               ("contact_rule", "never_call: jangan telepon")),
    ),
    Story(
        name="missing", text="adik sy ke malaysia lewat batam, sdh 2 bulan tdk ada kabar",
        channel=Channel.SMS, category=Category.MISSING, urgency=Urgency.HIGH, ago=2 * HOUR,
        origin="5302", intent="report_missing",
        facts=(("who", "adik perempuan, 17 tahun"), ("is_minor", "yes"),
               ("last_contact", "dua bulan lalu"), ("recruiter", "PT Contoh Karya")),
    ),
    Story(
        name="wages", text="Gaji saya 4 bulan tidak dibayar, saya mau pulang",
        channel=Channel.WHATSAPP, category=Category.RETURN, urgency=Urgency.NORMAL, ago=30 * HOUR,
        origin="3578", intent="ask_return", facts=(("country", "SA"), ("where", "Riyadh")),
    ),
    Story(
        name="offer", text="Agen minta 15 juta dulu, visanya turis. Wajar tidak?",
        channel=Channel.TELEGRAM, category=Category.COMPLAINT, urgency=Urgency.NORMAL, ago=5 * HOUR,
        origin="3212", intent="faq/costs", facts=(("recruiter", "bu rina"),),
    ),
    Story(
        name="village", text="Yang membawa kakak saya kepala desa sendiri",
        channel=Channel.TELEGRAM, category=Category.REPORT, urgency=Urgency.HIGH, ago=HOUR,
        origin="5302", facts=(("destination", "AE"),),
    ),
)  # fmt: skip


def invite_all(vault: Vault) -> dict[str, str]:
    """Invite everybody; gives the tokens of their links."""
    made = {}
    with db.write(vault.engine) as connection:
        for login, role, region, unit in PEOPLE:
            level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
            made[login] = accounts.invite(
                connection, login=login, name=login.title(), role=role,
                scope=Scope(level, region), unit=unit, now=time.time(),
            )  # fmt: skip
    return made


def let_write(vault: Vault, story: Story, *, ticket: bool = True) -> str:
    """Let a caller write, the bot answer, and a ticket be opened; gives the ticket's code."""
    at = time.time() - story.ago
    number = "".join(str(ord(letter) % 10) for letter in story.name)
    message = InboundMessage(
        channel=story.channel, provider_id=f"{story.name}-{at}", address=f"+6281{number:0<8}",
        text=story.text, received_at=datetime.fromtimestamp(at, UTC),
    )  # fmt: skip
    carried = "telegram" if story.channel is Channel.TELEGRAM else "twilio"
    with db.write(vault.engine) as connection:
        row, _ = inbox.receive(connection, vault.keyring, message, transport=carried)
        heard = Understood(story.intent, 0.87, "id")
        inbox.finish(connection, row, outcome="answered", now=at + 1, understood=heard)
        query = sa.select(inbox_table.c.conversation_id).where(inbox_table.c.id == row)
        conversation = str(connection.execute(query).scalar_one())
        code = _open(connection, vault, story, row, conversation, at) if ticket else ""
        ids = outbox.add(
            connection, vault.keyring, conversation,
            [Reply("Terima kasih sudah menulis. Pesan Anda kami simpan untuk petugas.")],
            inbox_id=row, author="bot", now=at + 2, state=OutboxState.SENT,
        )  # fmt: skip
        read = sa.update(outbox_table).where(outbox_table.c.id.in_(ids))
        connection.execute(read.values(state=OutboxState.READ.value))
    return code


def _open(
    connection: sa.Connection, vault: Vault, story: Story, row: int, conversation: str, at: float
) -> str:
    made = tickets.open_or_raise(
        connection, vault.keyring, conversation=conversation, category=story.category,
        urgency=story.urgency, message_id=row, language="id", now=at, reasons=story.reasons,
    )  # fmt: skip
    for field, value in (("story", story.text), *story.facts):
        tickets.add_fact(
            connection, vault.keyring, made.id, field, value, said_by="caller", message_id=row,
            now=at,
        )  # fmt: skip
    if story.origin:
        places = [{"ticket_id": made.id, "part": "origin", "region": story.origin}]
        connection.execute(sa.insert(ticket_regions), places)
    if story.name == "village":
        flag = sa.update(ticket_table).where(ticket_table.c.id == made.id)
        connection.execute(flag.values(conflict_of_interest=True))
    contact_rules.learn(connection, vault.keyring, conversation)
    return made.code


def send_picture(vault: Vault, settings: Settings, story: Story) -> None:
    """Let a caller send a photo that has been fetched and kept."""
    drawn = Image.new("RGB", (480, 300), "#ddd5c5")
    ImageDraw.Draw(drawn).text((40, 130), "contoh: foto kontrak kerja", fill="#333")
    whole = io.BytesIO()
    drawn.save(whole, "JPEG")
    number = "".join(str(ord(letter) % 10) for letter in story.name)
    message = InboundMessage(
        channel=story.channel, provider_id=f"{story.name}-photo", address=f"+6281{number:0<8}",
        text="", kind=Kind.PHOTO, received_at=datetime.fromtimestamp(time.time() - 100, UTC),
        media=(Media(Kind.PHOTO, "invented", name="kontrak.jpg", declared_type="image/jpeg"),),
    )  # fmt: skip
    with db.write(vault.engine) as connection:
        row, _ = inbox.receive(connection, vault.keyring, message, transport="twilio")
        inbox.finish(connection, row, outcome="answered", now=time.time() - 90)
        taken = attachments.claim(
            connection, owner="example", transports=["twilio"], now=time.time(), lease=60
        )
        assert taken is not None
        folder = media_files.media_folder(settings)
        media_files.write(folder, taken.file, whole.getvalue(), vault.keyring)
        size = len(whole.getvalue())
        attachments.keep(connection, taken, found_type="image/jpeg", size=size)


def put_on_duty(vault: Vault, login: str, begins: float, hours: float = 8) -> None:
    """Enter a shift that may have begun already."""
    with db.write(vault.engine) as connection:
        found = {person.login: person.id for person, _, _ in accounts.everybody(connection)}
        shift = {
            "staff_id": found[login], "begins_at": begins, "ends_at": begins + hours * HOUR,
            "zone": "Asia/Jakarta", "entered_by": found["budi"], "at": begins,
        }  # fmt: skip
        connection.execute(sa.insert(duty_shifts), shift)
