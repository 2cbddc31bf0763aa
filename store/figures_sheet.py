"""Counts everything on the page of figures: small cells are hidden here, none leaves this file."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hotline.figures import Period, Waiting, since
from hotline.staff import Staff
from hotline.suppress import INTERNAL, Table, suppress
from hotline.tickets import Category, Urgency
from store import dark_figure, figures, network, offer_checks
from store.crypto import Keyring
from store.dark_figure import Dark
from store.figures import Asked
from store.offer_checks import Weighed
from store.register.checking import RegisterIndex

# What tells nobody from another: shown as it is. The rest is hidden where it is small.
_PLAIN = ("category", "urgency", "state", "outcome")
Count = int | None  # None is a hidden one


@dataclass(frozen=True)
class Sheet:
    """The figures of one scope and period as they were at one moment."""

    at: float
    weeks: list[tuple[float, int]]
    waits: dict[str, Waiting]  # by urgency; all of them under the empty name
    backlog: list[int]
    plain: dict[str, dict[str, int]]
    tables: dict[str, Table]
    recruiters_cut: bool
    demo: bool  # the register that recruiters were found in is invented
    dark: Dark
    weighed: Weighed
    compared: dict[str, list[tuple[str, Count, Count, Count]]]
    signs: list[tuple[str, Count]]

    @property
    def tickets(self) -> int:
        """Say how many tickets were counted."""
        return sum(self.plain["category"].values())


def asked_at(staff: Staff, period: Period, now: float) -> Asked:
    """Say whose figures are asked for and from when."""
    return Asked(staff, since(period, now), now)


def count(connection: sa.Connection, keyring: Keyring, asked: Asked) -> Sheet:
    """Count the tickets as they are at this moment."""
    register = RegisterIndex.load(connection)
    recruiters, cut = network.by_recruiter(connection, keyring, asked, register)
    with figures.gathering(connection, asked) as gathered:
        each = figures.by_each(connection, gathered)
        plain = {what: each[what] for what in _PLAIN}
        for what, kind in (("category", Category), ("urgency", Urgency)):
            plain[what] = {one.value: plain[what].get(one.value, 0) for one in kind}
        small = {
            "channel": figures.by(connection, gathered, "channel"),
            "language": each["language"],
            "country": figures.by_country(connection, gathered, "destination"),
            "recruiter": recruiters,
        }
        waits = figures.waits(connection, gathered)
        return Sheet(
            at=asked.until,
            weeks=figures.inflow(connection, gathered),
            waits={urgency or "": waited for urgency, waited in waits.items()},
            backlog=figures.backlog(connection, gathered),
            plain=plain,
            tables={what: suppress(counts, INTERNAL) for what, counts in small.items()},
            recruiters_cut=cut,
            demo=register.info is not None and register.info.demo,
            dark=dark_figure.dark(connection, gathered),
            weighed=offer_checks.weighed(connection, gathered),
            compared={part: _compared(connection, gathered, part) for part in dark_figure.PARTS},
            signs=[
                (name, number if number >= INTERNAL else None)
                for name, number in offer_checks.signs_of(connection, gathered)
            ],
        )


def _compared(
    connection: sa.Connection, asked: Asked, part: str
) -> list[tuple[str, Count, Count, Count]]:
    """Compare what points to trafficking without a report; small cells of each column hidden."""
    found = dark_figure.compare(connection, asked, part)
    columns = [suppress(c, INTERNAL).cells for c in (found.reports, found.signs, found.offers)]
    reports, signs, offers = columns
    return [(name, reports[name], signs[name], offers[name]) for name in found.reports]
