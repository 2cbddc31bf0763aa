"""The databases, keys and clock that tests share."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

# The tests of the bot's components read this file with an older Python that has none of what
# the fixtures need, so every fixture imports its own.
if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa

    from store.crypto import Keyring
    from store.vault import Vault
    from tests.fakes import Clock

# The actions' and the bot's environments have no Hypothesis.
with contextlib.suppress(ImportError):
    from hypothesis import HealthCheck, settings

    # The same examples at every run, however slow the machine: what fails here fails for everybody.
    settings.register_profile(
        "same",
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("same")

_POSTGRES = "postgresql+psycopg://root@127.0.0.1:5432/test"


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one SQLite file that the tests then copy: migrating takes longer than most tests."""
    from store import db

    file = tmp_path_factory.mktemp("template") / "suar.db"
    engine = db.connect(f"sqlite:///{file}")
    db.migrate(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def _postgres() -> Iterator[sa.Engine | str]:
    """Make and migrate a schema of this session's own, or say why there is none."""
    import sqlalchemy as sa

    from store import db

    address = os.environ.get("SUAR_TEST_POSTGRES_URL") or _POSTGRES  # noqa: TID251
    schema = f"suar_{uuid4().hex[:12]}"
    admin = sa.create_engine(address, connect_args={"connect_timeout": 60})
    try:
        with admin.begin() as connection:
            connection.execute(sa.text(f"create schema {schema}"))
    except sa.exc.OperationalError as error:
        admin.dispose()
        yield f"no PostgreSQL answers at SUAR_TEST_POSTGRES_URL ({type(error.orig).__name__})"
        return
    url = sa.make_url(address).update_query_dict({"options": f"-csearch_path={schema}"})
    engine = db.connect(url.render_as_string(hide_password=False))
    db.migrate(engine)
    yield engine
    engine.dispose()
    with admin.begin() as connection:
        connection.execute(sa.text(f"drop schema {schema} cascade"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """Give an empty, migrated database of each kind."""
    from store import db
    from tests.fakes import empty

    if request.param == "sqlite":
        file = tmp_path / "suar.db"
        shutil.copy(request.getfixturevalue("_sqlite_template"), file)
        engine = db.connect(f"sqlite:///{file}")
        yield engine
        engine.dispose()
        return
    engine = request.getfixturevalue("_postgres")
    if isinstance(engine, str):
        # Where nothing may be skipped, a database that is not there is a failure.
        strict = os.environ.get("SUAR_TEST_STRICT")  # noqa: TID251
        (pytest.fail if strict else pytest.skip)(engine)
    empty(engine)
    yield engine


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """Give a keyring of this session's own."""
    from store.crypto import Keyring

    return Keyring.new()


@pytest.fixture
def vault(engine: sa.Engine, keyring: Keyring) -> Vault:
    """Give an open installation: an empty database of each kind, and keys."""
    from store.vault import Vault

    return Vault(engine, keyring)


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands still until the test moves it."""
    from tests.fakes import Clock

    return Clock()
