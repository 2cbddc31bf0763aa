"""Every table but the register's own; text that tells about a person is sealed (bytes)."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.tickets import OPEN_STATES, State

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _SERIAL, primary_key=True, autoincrement=True)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[float]:
    # Seconds since 1970, UTC: the one form both databases compare and index alike.
    return sa.Column(name, sa.Double, nullable=nullable, index=index)


conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),  # random: this is what Rasa gets to see
    sa.Column("channel", sa.String(16), nullable=False),
    # Who carries it: "local" is our own page and command line, whatever channel they imitate.
    sa.Column("transport", sa.String(16), nullable=False, server_default="local"),
    sa.Column("address_sealed", sa.LargeBinary, nullable=False),
    sa.Column("address_index", sa.LargeBinary(16), nullable=False, unique=True),
    sa.Column("language", sa.String(8), nullable=False, server_default="id"),
    sa.Column("needs_person", sa.Boolean, nullable=False, server_default=sa.false()),
    # The caller may be watched: answers are about something else until she says otherwise.
    sa.Column("neutral", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("choices_sealed", sa.LargeBinary),  # what the caller may pick from right now
    sa.Column("owner", sa.String(64)),
    _moment("lease_until", nullable=True),
    _moment("next_at", nullable=True, index=True),  # look again then; empty: when a message waits
    _moment("opened_at"),
    _moment("heard_at", nullable=True),  # the caller's last message: WhatsApp's window hangs on it
    _moment("erased_at", nullable=True),  # retention cleared what was said up to then
    # A responder has it until then: the bot keeps silent.
    sa.Column("claimed_by", sa.String(64)),
    _moment("claimed_until", nullable=True),
    _moment("told_of_person_at", nullable=True),
    # Why nothing we begin ourselves may go out; answers to what she writes are another matter.
    _moment("opted_out_at", nullable=True),
    sa.Column("unreachable", sa.String(24)),  # blocked, no_such_number, ...; empty: as far as known
    sa.Column("contact_rules_sealed", sa.LargeBinary),  # safe hours, never call, do not write
    # The sending side has a lease of its own: a slow provider must not keep a turn waiting.
    sa.Column("send_owner", sa.String(64)),
    _moment("send_lease_until", nullable=True),
    _moment("send_at", nullable=True, index=True),  # when a sender must look; empty: nothing to do
)

# Danger was heard, whether or not a ticket came of it.
WORRIED = sa.or_(conversations.c.needs_person, conversations.c.neutral)
sa.Index(
    "ix_conversations_worried",
    conversations.c.opened_at,
    conversations.c.id,
    sqlite_where=WORRIED,
    postgresql_where=WORRIED,
)

inbox = sa.Table(
    "inbox",
    metadata,
    _id(),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("provider_id", sa.String(128), nullable=False),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False, server_default="text"),
    sa.Column("text_sealed", sa.LargeBinary, nullable=False),
    # What is not text: a tapped choice, a place, a contact, the provider's own message number.
    sa.Column("details_sealed", sa.LargeBinary),
    sa.Column("state", sa.String(12), nullable=False, server_default="waiting"),
    sa.Column("outcome", sa.String(24)),  # bot, safe_text, silence, burst, person, kept
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    _moment("received_at"),
    _moment("done_at", nullable=True),
    # What the bot took it for: words of fixed lists and how sure it was, never what was written.
    sa.Column("read_intent", sa.String(41)),
    sa.Column("read_confidence", sa.Double),
    sa.Column("read_language", sa.String(3)),
    sa.UniqueConstraint("channel", "provider_id"),
    sa.Index("ix_inbox_conversation_state", "conversation_id", "state", "id"),
    # Few rows at any time: what a worker looks for twenty times a second.
    sa.Index(
        "ix_inbox_waiting",
        "conversation_id",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
)

outbox = sa.Table(
    "outbox",
    metadata,
    _id(),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("inbox_id", _SERIAL, sa.ForeignKey("inbox.id")),
    sa.Column("place", sa.Integer, nullable=False, server_default="0"),
    sa.Column("body_sealed", sa.LargeBinary, nullable=False),
    sa.Column("author", sa.String(24), nullable=False),  # bot, guard or a responder's id
    sa.Column("purpose", sa.String(12), nullable=False, server_default="answer"),
    sa.Column("urgency", sa.String(12), nullable=False, server_default="normal"),
    sa.Column("state", sa.String(12), nullable=False, server_default="queued"),
    sa.Column("hold", sa.String(16)),  # why it waits, while it is held
    sa.Column("provider_id", sa.String(128), index=True),
    sa.Column("error_code", sa.String(16)),
    sa.Column("error", sa.String(200)),  # the provider's own words, without address or text
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    _moment("created_at"),
    _moment("next_at", nullable=True),  # not before; empty: at once
    _moment("give_up_at", nullable=True),  # not after; empty: by its urgency
    _moment("sent_at", nullable=True),
    _moment("status_at", nullable=True),
    sa.UniqueConstraint("inbox_id", "place"),
    sa.Index("ix_outbox_conversation_state", "conversation_id", "state", "id"),
)

receipts = sa.Table(
    "receipts",
    metadata,
    _id(),
    sa.Column("transport", sa.String(16), nullable=False),
    sa.Column("provider_id", sa.String(128), nullable=False),
    sa.Column("status", sa.String(24), nullable=False),  # in the provider's words
    sa.Column("error_code", sa.String(16)),
    sa.Column("outbox_id", _SERIAL, sa.ForeignKey("outbox.id")),  # empty: came before the message
    _moment("at"),
    sa.UniqueConstraint("transport", "provider_id", "status"),
)

attachments = sa.Table(
    "attachments",
    metadata,
    _id(),
    sa.Column(
        "conversation_id",
        sa.String(32),
        sa.ForeignKey("conversations.id"),
        nullable=False,
        index=True,
    ),
    sa.Column("inbox_id", _SERIAL, sa.ForeignKey("inbox.id"), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False, server_default="0"),
    sa.Column("transport", sa.String(16), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("source_sealed", sa.LargeBinary, nullable=False),  # address or file number to fetch
    sa.Column("name_sealed", sa.LargeBinary),  # the file name the caller's phone gave
    sa.Column("declared_type", sa.String(100)),
    sa.Column("found_type", sa.String(100)),
    sa.Column("size", sa.BigInteger),
    sa.Column("file", sa.String(64)),  # name under SUAR_HOME/media, sealed there
    sa.Column("state", sa.String(12), nullable=False, server_default="waiting"),
    sa.Column("reason", sa.String(40)),  # why it was refused or failed
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("owner", sa.String(64)),
    _moment("next_at", nullable=True, index=True),  # when to fetch; empty: nothing to do
    _moment("at"),
    sa.UniqueConstraint("inbox_id", "place"),
)

conversation_events = sa.Table(
    "conversation_events",
    metadata,
    _id(),
    sa.Column(
        "conversation_id",
        sa.String(32),
        sa.ForeignKey("conversations.id"),
        nullable=False,
        index=True,
    ),
    sa.Column("kind", sa.String(32), nullable=False),  # claimed, given_back, opted_out, ...
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),  # ids and enum words only
    _moment("at"),
)

tickets = sa.Table(
    "tickets",
    metadata,
    _id(),
    sa.Column("code", sa.String(16), nullable=False, unique=True),
    sa.Column("key_salt", sa.LargeBinary(16), nullable=False),
    sa.Column("category", sa.String(24), nullable=False),
    sa.Column("urgency", sa.String(12), nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("verification", sa.String(16), nullable=False),
    sa.Column("clearing", sa.String(16), nullable=False),
    sa.Column("conflict_of_interest", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("anonymous", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("language", sa.String(8), nullable=False),
    _moment("opened_at"),
    _moment("first_response_due"),
    _moment("resolution_due", nullable=True),
    # Where replies go; empty: to the conversation that the ticket came from.
    sa.Column("reply_conversation_id", sa.String(32)),
    # When its work was over, and when retention cleared what it tells; empty while it is open.
    _moment("ended_at", nullable=True),
    _moment("erased_at", nullable=True),
    sa.Index("ix_tickets_state_urgency", "state", "urgency", "opened_at"),
    sa.Index("ix_tickets_ended", "erased_at", "ended_at"),
    sa.Index("ix_tickets_opened", "opened_at", "id"),
)

# Written out and in one order: SQLite uses the index only where a query says the very same.
_OPEN: list[sa.ColumnElement[str]] = [
    sa.literal_column(f"'{state.value}'") for state in State if state in OPEN_STATES
]
IS_OPEN = tickets.c.state.in_(_OPEN)
# Of a million tickets few are open: lists look through them here, without reading the tickets.
sa.Index(
    "ix_tickets_open",
    tickets.c.id,
    *(tickets.c[name] for name in ("urgency", "state", "first_response_due", "resolution_due")),
    tickets.c.conflict_of_interest,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)

ticket_conversations = sa.Table(
    "ticket_conversations",
    metadata,
    sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column(
        "conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True
    ),
    _moment("joined_at"),
    sa.Index("ix_ticket_conversations_conversation_id", "conversation_id"),
)

ticket_facts = sa.Table(
    "ticket_facts",
    metadata,
    _id(),
    sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), nullable=False, index=True),
    sa.Column("field", sa.String(32), nullable=False),
    sa.Column("value_sealed", sa.LargeBinary, nullable=False),
    sa.Column("said_by", sa.String(32), nullable=False),
    sa.Column("message_id", _SERIAL, index=True),
    _moment("at"),
)

ticket_events = sa.Table(
    "ticket_events",
    metadata,
    _id(),
    sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("actor", sa.String(32), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),  # ids and enum words only, never a narrative
    sa.Column("message_id", _SERIAL),
    _moment("at"),
    sa.Column("previous_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)
# Two kinds of few lines in a long table: questions that were broken off, and tickets that no
# message opened.
STOPPED = ticket_events.c.kind == sa.literal_column("'intake_stopped'")
BROUGHT = sa.and_(
    ticket_events.c.kind == sa.literal_column("'opened'"), ticket_events.c.message_id.is_(None)
)
for _name, _which in (("stopped", STOPPED), ("brought", BROUGHT)):
    sa.Index(
        f"ix_ticket_events_{_name}",
        ticket_events.c.ticket_id,
        sqlite_where=_which,
        postgresql_where=_which,
    )

key_attempts = sa.Table(
    "key_attempts",
    metadata,
    _id(),
    sa.Column("conversation_id", sa.String(32), nullable=False, index=True),
    sa.Column("code", sa.String(16), nullable=False),
    sa.Column("message_id", _SERIAL, index=True),
    _moment("at"),
)

heartbeats = sa.Table(
    "heartbeats",
    metadata,
    sa.Column("process", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    _moment("at"),
)
