"""Tables of the recruiter register: every import, and the recruiters each one held."""

import sqlalchemy as sa

from store.tables import metadata

register_imports = sa.Table(
    "register_imports",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("file_name", sa.String(255), nullable=False),
    sa.Column("file_sha256", sa.String(64), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("imported_at", sa.Double, nullable=False),  # seconds since 1970, UTC
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("demo", sa.Boolean, nullable=False),
    sa.Column("in_force", sa.Boolean, nullable=False),
    sa.Column("changes", sa.JSON, nullable=False),
)

# Two imports at the same moment must not both win: the database allows one in force.
sa.Index(
    "uq_register_imports_one_in_force",
    register_imports.c.in_force,
    unique=True,
    sqlite_where=register_imports.c.in_force,
    postgresql_where=register_imports.c.in_force,
)

recruiters = sa.Table(
    "recruiters",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "import_id",
        sa.ForeignKey("register_imports.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("normal_name", sa.Text, nullable=False, index=True),
    sa.Column("aliases", sa.JSON, nullable=False),
    sa.Column("licence_no", sa.Text, nullable=False),
    sa.Column("licence_normal", sa.Text, nullable=False, index=True),
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("city", sa.Text, nullable=False),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("branches", sa.JSON, nullable=False),
    sa.Column("sanctions", sa.JSON, nullable=False),
    sa.Column("valid_until_as_printed", sa.Text, nullable=False),
    sa.Column("source_row", sa.JSON, nullable=False),
)
