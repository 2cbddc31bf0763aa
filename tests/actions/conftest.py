"""A desk on a real database, and callers who talk to the actions as Rasa would let them."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from actions.desk import Desk
    from actions.state import State
    from hotline.tickets import Ticket

# Outside the environment with rasa-sdk these tests cannot run; see pytest.ini beside this file.
collect_ignore_glob = [] if importlib.util.find_spec("rasa_sdk") else ["test_*.py"]

ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_PAYLOAD = re.compile(r"^/(?P<intent>[a-z_]+(?:/[a-z_]+)?)(?P<values>\{.*\})?$", re.DOTALL)


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        """Start on a Sunday morning."""
        self.now = START.timestamp()

    def __call__(self) -> float:
        """Give seconds since 1970."""
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        """Let time go by."""
        self.now += seconds


class Caller:
    """One conversation: keeps the running task and the slots as Rasa's tracker would."""

    def __init__(self, desk: Desk, name: str, channel: str, language: str) -> None:
        """Open a conversation on a channel."""
        self.desk, self.name = desk, name
        self.channel, self.language = channel, language
        self.state: State | None = None
        self.slots: dict[str, Any] = {}
        self.said: list[dict[str, Any]] = []
        self.erases = False
        self._count = 0
        self.message_id, self.conversation = self._arrive("")

    def _arrive(self, text: str) -> tuple[int, str]:
        from hotline.messages import Channel, InboundMessage
        from store import db, inbox

        self._count += 1
        message = InboundMessage(
            channel=Channel(self.channel),
            provider_id=f"{self.name}-{self._count}",
            address=self.name,
            text=text,
            received_at=datetime.fromtimestamp(self.desk.now(), UTC),
        )
        vault = self.desk.vault
        with db.write(vault.engine) as connection:
            number, _ = inbox.receive(connection, vault.keyring, message, transport="local")
            conversation = inbox.conversation_of(
                connection,
                vault.keyring,
                channel=self.channel,
                address=self.name,
                now=self.desk.now(),
                transport="local",
            )
        return number, conversation

    def writes(
        self,
        text: str,
        intent: str = "inform",
        confidence: float = 0.95,
        danger: tuple[str, ...] = (),
        shared: str = "",
        **entities: str,
    ) -> list[str]:
        """Send a typed message as the bot has read it; gives the names of what was said."""
        self.message_id, _ = self._arrive(text)
        if danger:
            intent, confidence = "emergency", 1.0
        told = tuple(entities.items())
        return self._turn(text, intent, confidence, told, danger=danger, shared=shared)

    def picks(self, title: str) -> list[str]:
        """Tap a choice of the last reply."""
        return self.taps(title, dict(self.choices())[title])

    def taps(self, title: str, payload: str) -> list[str]:
        """Tap a choice of any reply there was."""
        found = _PAYLOAD.match(payload)
        assert found is not None, payload
        values = json.loads(found["values"]) if found["values"] else {}
        self.message_id, _ = self._arrive(title)
        return self._turn(title, found["intent"], 1.0, tuple(values.items()), picked=True)

    def repeats(self, before: State | None, turn: Any) -> list[str]:
        """Run a turn a second time, as after a crash before its answer was written."""
        self.state = before
        return self._run(turn)

    def _turn(
        self,
        text: str,
        intent: str,
        confidence: float,
        entities: tuple[tuple[str, str], ...],
        *,
        picked: bool = False,
        danger: tuple[str, ...] = (),
        shared: str = "",
    ) -> list[str]:
        from actions.turn import Turn

        self.turn = Turn(
            conversation=self.conversation,
            message_id=self.message_id,
            channel=self.channel,
            language=self.language,
            text=text,
            intent=intent,
            confidence=confidence,
            entities=entities,
            picked=picked,
            dangers=danger,
            shared=shared,
            slots=dict(self.slots),
        )
        return self._run(self.turn)

    def _run(self, turn: Any) -> list[str]:
        from actions.state import State
        from actions.talk import Talk
        from actions.task_form import converse

        talk = Talk()
        plain = self.state.to_dict() if self.state else None
        self.before = State.from_dict(plain)
        after = converse(turn, self.state, talk, self.desk)
        # Between two turns the task lies in a slot as JSON.
        self.state = State.from_dict(json.loads(json.dumps(after.to_dict()))) if after else None
        self.slots |= talk.slots
        self.language = self.slots.get("language") or self.language
        self.said = talk.said
        self.erases = self.erases or any("json_message" in reply for reply in talk.said)
        return [reply["response"] for reply in talk.said]

    def values(self, response: str) -> dict[str, Any]:
        """Give the values that went with one of the last replies."""
        return next(reply for reply in self.said if reply["response"] == response)

    def shown(self) -> list[str]:
        """Give the last replies as the caller reads them, an SMS with its numbered menu."""
        from hotline.messages import Choice, Reply
        from replies.render import render

        shown = []
        for said in self.said:
            values = {k: v for k, v in said.items() if k not in {"response", "buttons"}}
            fixed = self.desk.texts.reply(said["response"], self.language, self.channel, **values)
            made = tuple(Choice(b["title"], b["payload"]) for b in said["buttons"])
            own = () if said.get("plain") else fixed.choices
            reply = Reply(fixed.text, own + made)
            shown.append(render(reply, self.channel).text)
        return shown

    def choices(self) -> list[tuple[str, str]]:
        """Give payload and Indonesian title of what the last reply lets the caller pick."""
        last = self.said[-1]
        fixed = self.desk.texts.reply(last["response"], "id", self.channel).choices
        made = [(b["title"], b["payload"]) for b in last["buttons"]]
        return [(c.title, c.payload) for c in fixed] + made

    def ticket(self) -> Ticket | None:
        """Read the open ticket of this conversation from the database."""
        from store import db, tickets

        vault = self.desk.vault
        with db.read(vault.engine) as connection:
            return tickets.open_ticket_of(connection, vault.keyring, self.conversation)

    def known(self) -> dict[str, str]:
        """Give the facts on the open ticket."""
        ticket = self.ticket()
        assert ticket is not None
        return ticket.known()

    def rows(self) -> dict[str, list[Any]]:
        """Give everything about tickets in the database, to compare two moments."""
        import sqlalchemy as sa

        from store import db, tables

        names = ("tickets", "ticket_facts", "ticket_events", "ticket_conversations")
        with db.read(self.desk.vault.engine) as connection:
            return {
                name: [
                    tuple(row)
                    for row in connection.execute(sa.select(tables.metadata.tables[name]))
                ]
                for name in names
            }


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one database and bring the invented register in; the tests copy it."""
    from store import db
    from store.register import import_demo

    file = tmp_path_factory.mktemp("template") / "suar.db"
    engine = db.connect(f"sqlite:///{file}")
    db.migrate(engine)
    import_demo(engine, now=START)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def _contents() -> dict[str, Any]:
    """Read the facts, texts and rules once."""
    from store.knowledge import load_knowledge
    from store.offers import load_offer_reader
    from store.texts import load_texts

    return {
        "knowledge": load_knowledge(ROOT / "knowledge"),
        "texts": load_texts(),
        "offers": load_offer_reader(ROOT / "knowledge" / "offer_signs.yml"),
    }


@pytest.fixture
def clock() -> Clock:
    """Give a clock at the start of the story."""
    return Clock()


@pytest.fixture
def desk(
    tmp_path: Path, _template: Path, _contents: dict[str, Any], clock: Clock
) -> Iterator[Desk]:
    """Give a desk with a database of this test's own and the invented register."""
    from actions.desk import Desk
    from hotline.settings import load_settings
    from store import db
    from store.crypto import Keyring
    from store.knowledge_edits import KnowledgeCache
    from store.register import RegisterCache
    from store.vault import Vault

    file = tmp_path / "suar.db"
    shutil.copy(_template, file)
    engine = db.connect(f"sqlite:///{file}")
    yield Desk(
        vault=Vault(engine, Keyring.new()),
        facts=KnowledgeCache(engine, _contents["knowledge"], now=clock),
        register=RegisterCache(engine),
        settings=load_settings({"SUAR_HOME": str(tmp_path)}),
        now=clock,
        texts=_contents["texts"],
        offers=_contents["offers"],
    )
    engine.dispose()


@pytest.fixture
def phone(desk: Desk) -> Callable[..., Caller]:
    """Give a way to open a conversation: by name, channel and language."""

    def open_conversation(
        name: str = "siti", channel: str = "whatsapp", language: str = "id"
    ) -> Caller:
        return Caller(desk, name, channel, language)

    return open_conversation


@pytest.fixture
def siti(phone: Callable[..., Caller]) -> Caller:
    """Give Siti, who writes from Johor on WhatsApp."""
    return phone()
