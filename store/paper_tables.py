"""Tables of what responders keep and carry: saved filters, exports with names, linked log-ins."""

from __future__ import annotations

import sqlalchemy as sa

from store.console_tables import staff
from store.tables import metadata

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# One line of the ticket list narrowed down, under a name.
saved_filters = sa.Table(
    "saved_filters",
    metadata,
    sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
    sa.Column("staff_id", _SERIAL, sa.ForeignKey(staff.c.id), nullable=False),
    sa.Column("unit", sa.String(64), nullable=False, server_default="", index=True),  # shared with
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("view", sa.String(12), nullable=False),
    sa.Column("chosen", sa.JSON, nullable=False),  # enum words, a label and codes of regions
    sa.Column("at", sa.Double, nullable=False),
    sa.UniqueConstraint("staff_id", "name"),
)

# Who carried personal data out, and why. The file itself is gone once it was taken.
personal_exports = sa.Table(
    "personal_exports",
    metadata,
    sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
    sa.Column("staff_id", _SERIAL, sa.ForeignKey(staff.c.id), nullable=False, index=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("reason_sealed", sa.LargeBinary, nullable=False),
    sa.Column("file", sa.String(64), nullable=False),  # its name under SUAR_HOME/exports
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("taken_at", sa.Double),
)

# Whom somebody else's log-in (OIDC) may open the console for.
staff_identities = sa.Table(
    "staff_identities",
    metadata,
    sa.Column("staff_id", _SERIAL, sa.ForeignKey(staff.c.id), primary_key=True),
    # Keyed hashes: an e-mail until it was used once, the provider's own subject from then on.
    sa.Column("email_index", sa.LargeBinary(16), unique=True),
    sa.Column("subject_index", sa.LargeBinary(16), unique=True),
    sa.Column("linked_at", sa.Double, nullable=False),
    sa.Column("bound_at", sa.Double),
)
