"""Checks of a name or licence number against the register in force, held in memory."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from threading import Lock

import sqlalchemy as sa
from rapidfuzz.distance import Levenshtein

from hotline.register import (
    FRESHNESS_DAYS,
    Candidate,
    CheckOutcome,
    CheckResult,
    Match,
    Recruiter,
    RecruiterStatus,
    RegisterInfo,
)
from store.register.matching import NameIndex
from store.register.names import (
    AskedName,
    asked_name,
    licences_within,
    normal_licence,
    normal_name,
    plain,
)
from store.register.printed import printed_date
from store.register.tables import recruiters, register_imports

LOOK_ALIKES = 4
"""How many look-alikes a caller is asked to pick from."""

_LONG_LICENCE = 8  # signs; in a shorter number one wrong sign makes it any other
_SLIP = 90.0


def current_import_id(connection: sa.Connection) -> int | None:
    """Return the id of the import in force, or None when no register is loaded."""
    query = sa.select(register_imports.c.id).where(register_imports.c.in_force)
    return connection.execute(query).scalar_one_or_none()


class RegisterIndex:
    """An immutable, searchable copy of the register in force."""

    def __init__(
        self, import_id: int | None, info: RegisterInfo | None, records: Sequence[Recruiter]
    ) -> None:
        """Index the given records; `info` is None when no register is loaded."""
        self.import_id = import_id
        self.info = info
        self._records = tuple(records)
        self._names = NameIndex(
            (normal_name(told), position)
            for position, record in enumerate(self._records)
            for told in (record.name, *record.aliases)
        )
        self._licences: defaultdict[str, list[int]] = defaultdict(list)
        for position, record in enumerate(self._records):
            self._licences[normal_licence(record.licence_no)].append(position)
        self._licences.pop("", None)
        self._lists_branches = any(record.branches for record in self._records)

    @classmethod
    def load(cls, connection: sa.Connection) -> "RegisterIndex":
        """Read the register in force from the database."""
        row = connection.execute(
            sa.select(register_imports).where(register_imports.c.in_force)
        ).one_or_none()
        if row is None:
            return cls(None, None, ())
        info = RegisterInfo(source=row.source, as_of=row.as_of, rows=row.rows, demo=row.demo)
        return cls(row.id, info, read_recruiters(connection, row.id))

    def check(
        self, query: str, *, today: date, freshness_days: int = FRESHNESS_DAYS
    ) -> CheckResult:
        """Answer what the register says about a name or licence number.

        A register older than `freshness_days` still shows its record, as
        `source_too_old`; look at `match` first to see whether the caller must pick.
        """
        if self.info is None:
            return CheckResult(query, Match.NONE, CheckOutcome.NO_REGISTER)
        asked = asked_name(query)
        found = self._by_licence(query) or self._by_mistyped_licence(query)
        found = found or [
            Candidate(self._records[owner], score) for score, owner in self._ranked(asked)
        ]
        too_old = self.info.is_too_old(today, freshness_days=freshness_days)
        if len(found) == 1 and found[0].score == 100:
            return self._exact(query, asked, found[0], today=today, too_old=too_old)
        match = Match.CANDIDATES if found else Match.NONE
        result = CheckOutcome.CANDIDATES if found else CheckOutcome.NOT_FOUND
        return CheckResult(
            query,
            match,
            CheckOutcome.SOURCE_TOO_OLD if too_old else result,
            candidates=tuple(found),
            register=self.info,
            branch_asked=asked.branch,
        )

    def exact(self, query: str) -> Recruiter | None:
        """Give the one entry that a name or number means for certain, as `check` would.

        Looks for no look-alikes, which is what a check costs: pages ask this for thousands.
        """
        found = [one.recruiter for one in self._by_licence(query)]
        if not found:
            names = (self._names.exact(name) for name in asked_name(query).readings)
            found = [self._records[owner] for owner in next(filter(None, names), ())]
            if found and self._by_mistyped_licence(query):
                return None
        return found[0] if len(found) == 1 else None

    def _exact(
        self, query: str, asked: AskedName, found: Candidate, *, today: date, too_old: bool
    ) -> CheckResult:
        record = found.recruiter
        return CheckResult(
            query,
            Match.EXACT,
            CheckOutcome.SOURCE_TOO_OLD if too_old else _outcome(record, today),
            candidates=(found,),
            register=self.info,
            recruiter=record,
            branch_asked=asked.branch,
            branch_listed=self._lists(record, asked.branch),
        )

    def _by_licence(self, query: str) -> list[Candidate]:
        for number, beside in licences_within(query):
            owners = self._licences.get(number)
            if owners:
                found = (owners + self._named_otherwise(beside, owners))[:LOOK_ALIKES]
                return [Candidate(self._records[owner], 100.0) for owner in found]
        return []

    def _by_mistyped_licence(self, query: str) -> list[Candidate]:
        """Find whose number differs in one sign: a slip of the pen, or a forged one.

        It is never confirmed, only shown as a look-alike.
        """
        number = normal_licence(query)
        if len(number) < _LONG_LICENCE or not number[-4:].isdigit():
            return []
        near = [n for n in self._licences if Levenshtein.distance(n, number, score_cutoff=1) == 1]
        owners = [owner for n in near for owner in self._licences[n]]
        return [Candidate(self._records[owner], _SLIP) for owner in owners[:LOOK_ALIKES]]

    def _named_otherwise(self, beside: str, owners: list[int]) -> list[int]:
        """Find whom the words beside a licence number name, when that is not its owner.

        A borrowed number is a known trick, so the two are shown side by side
        and neither is confirmed.
        """
        ranked = self._ranked(asked_name(beside))
        named = [owner for _, owner in ranked]
        return [] if set(named) & set(owners) else named

    def _ranked(self, asked: AskedName) -> list[tuple[float, int]]:
        """Return likenesses and positions: all of the same name, or else the look-alikes."""
        for name in asked.readings:
            owners = self._names.exact(name)
            if owners:
                return [(100.0, owner) for owner in owners[:LOOK_ALIKES]]
        # One pass over the names is what a check costs, so only the barest reading gets it.
        barest = min(asked.readings, key=len, default="")
        return self._names.similar(barest, limit=LOOK_ALIKES) if barest else []

    def _lists(self, record: Recruiter, branch: str) -> bool | None:
        if not branch or not self._lists_branches:
            return None
        places = (plain(place) for place in (record.city, *record.branches))
        return any(branch in place or (place and place in branch) for place in places)


class RegisterCache:
    """Keeps one index and loads it again when another import comes into force."""

    def __init__(self, engine: sa.Engine) -> None:
        """Remember where to load from; nothing is read yet."""
        self._engine = engine
        self._lock = Lock()
        self._index: RegisterIndex | None = None

    def current(self) -> RegisterIndex:
        """Return the index of the register in force."""
        with self._lock, self._engine.connect() as connection:
            in_force = current_import_id(connection)
            if self._index is None or self._index.import_id != in_force:
                self._index = RegisterIndex.load(connection)
            return self._index


def read_recruiters(connection: sa.Connection, import_id: int) -> list[Recruiter]:
    """Return the recruiters that one import holds, in the file's order."""
    table = recruiters.c
    rows = connection.execute(
        sa.select(
            table.name,
            table.licence_no,
            table.status,
            table.city,
            table.province,
            table.aliases,
            table.branches,
            table.sanctions,
            table.valid_until_as_printed,
        )
        .where(table.import_id == import_id)
        .order_by(table.id)
    )
    return [
        Recruiter(
            name=row.name,
            licence_no=row.licence_no,
            status=RecruiterStatus(row.status),
            city=row.city,
            province=row.province,
            aliases=tuple(row.aliases),
            branches=tuple(row.branches),
            sanctions=tuple(row.sanctions),
            valid_until_as_printed=row.valid_until_as_printed,
        )
        for row in rows
    ]


def _outcome(record: Recruiter, today: date) -> CheckOutcome:
    """Return the printed status, unless the printed date says the licence has run out."""
    until = printed_date(record.valid_until_as_printed)
    active = {RecruiterStatus.ACTIVE, RecruiterStatus.ACTIVE_UNDER_SUPERVISION}
    if until is not None and until < today and record.status in active:
        return CheckOutcome.EXPIRED
    return CheckOutcome(record.status.value)
