"""Alembic's entry: runs the migrations on the connection that store.db.migrate hands over."""

from alembic import context

from store.register import tables as _register_tables  # noqa: F401 - adds its tables
from store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
