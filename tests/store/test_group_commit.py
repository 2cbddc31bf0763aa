"""Group commit: everybody's work is stored, a bad job hurts nobody else, errors reach the asker."""

import asyncio

import pytest
import sqlalchemy as sa

from store.group_commit import GroupCommit
from store.tables import heartbeats


def _row(name: str) -> dict[str, object]:
    return {"process": name, "kind": "test", "at": 1.0}


def _names(engine: sa.Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(sa.select(heartbeats.c.process)).scalars())


def _insert(name: str):
    def job(connection: sa.Connection) -> str:
        connection.execute(sa.insert(heartbeats), _row(name))
        return name

    return job


@pytest.fixture
def group(engine: sa.Engine):
    made = GroupCommit(engine)
    made.start()
    yield made
    made.stop()


def test_every_job_of_a_burst_is_stored_and_answered(engine: sa.Engine, group: GroupCommit) -> None:
    """Nobody is told done before the commit, nobody is forgotten."""
    names = [f"p{n}" for n in range(300)]

    async def burst() -> list[str]:
        return await asyncio.gather(*(group.do(_insert(name)) for name in names))

    assert asyncio.run(burst()) == names
    assert _names(engine) == set(names)


def test_a_bad_job_fails_alone(engine: sa.Engine, group: GroupCommit) -> None:
    """Those that shared its transaction are stored all the same."""

    async def burst() -> list[object]:
        jobs = [_insert("a"), _insert("a"), _insert("b")]
        return await asyncio.gather(*(group.do(job) for job in jobs), return_exceptions=True)

    first, second, third = asyncio.run(burst())
    assert {first, third} == {"a", "b"}
    assert isinstance(second, sa.exc.IntegrityError)
    assert _names(engine) == {"a", "b"}


def test_what_waits_is_stored_before_the_end(engine: sa.Engine) -> None:
    """A gateway that is asked to end has answered nobody in vain."""
    group = GroupCommit(engine)
    group.start()

    async def go() -> None:
        asked = [asyncio.ensure_future(group.do(_insert(f"e{n}"))) for n in range(20)]
        await asyncio.sleep(0)
        await asyncio.get_running_loop().run_in_executor(None, group.stop)
        await asyncio.gather(*asked)

    asyncio.run(go())
    assert len(_names(engine)) == 20
