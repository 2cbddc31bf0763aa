"""Alembic's entry: runs the migrations on the connection that store.db.migrate hands over."""

from alembic import context

from store import canary as _canary  # noqa: F401 - as the next two, adds its table
from store import console_tables as _console_tables  # noqa: F401 - adds its tables
from store import content_tables as _content_tables  # noqa: F401
from store import corrections as _corrections  # noqa: F401
from store import duty_tables as _duty_tables  # noqa: F401
from store import figures_tables as _figures_tables  # noqa: F401
from store import leases as _leases  # noqa: F401
from store import paper_tables as _paper_tables  # noqa: F401
from store import victim_tables as _victim_tables  # noqa: F401
from store.register import tables as _register_tables  # noqa: F401
from store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
