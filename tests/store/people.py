"""Accounts for tests below the console."""

import sqlalchemy as sa

from hotline.staff import Role, Scope
from store import db
from store import staff as accounts
from store.console_tables import staff
from store.vault import Vault
from tests.fakes import NOON


def ani(vault: Vault) -> int:
    """Give the id of a responder, who is made the first time."""
    with db.write(vault.engine) as connection:
        find = sa.select(staff.c.id).where(staff.c.login == "ani")
        found = connection.execute(find).scalar()
        if found is None:
            accounts.invite(
                connection, login="ani", name="Ani", role=Role.RESPONDER, scope=Scope(), unit="",
                now=NOON,
            )  # fmt: skip
            found = connection.execute(find).scalar_one()
    return int(found)
