"""The commands about the console: reads their arguments and calls the parts that do the work."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from hotline.settings import Settings
from hotline.staff import Role

_Add = Callable[[str, object, str], argparse.ArgumentParser]


def add_desk_commands(add: _Add) -> None:
    """Add `suar console`, `suar staff` and `suar audit`."""
    add("console", _console, "serve the responders' console (part of run)")
    _add_staff(add("staff", None, "who may use the console"))
    _add_audit(add("audit", _audit, "who saw and changed what; `verify` checks the log"))


def _add_staff(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(required=True, metavar="what")
    made = kinds.add_parser("invite", help="make an account, or a fresh link for one")
    made.add_argument("login", help="a short name to log in with")
    made.add_argument("--name", default="", help="what colleagues read")
    made.add_argument("--role", type=Role, choices=list(Role), default=Role.RESPONDER)
    made.add_argument("--region", default="", help="a province or regency; empty: the nation")
    made.add_argument("--unit", default="", help="the unit of the directory")
    made.add_argument("--language", choices=["id", "en"], default="id")
    made.set_defaults(command=_invite)
    listed = kinds.add_parser("list", help="show every account")
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(command=_list)
    for word, active, text in (
        ("close", False, "shut an account; its sessions end at once"),
        ("reopen", True, "open an account again"),
    ):
        changed = kinds.add_parser(word, help=text)
        changed.add_argument("login")
        changed.set_defaults(command=_set_active, active=active)


def _add_audit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=["verify"])
    parser.add_argument("--mark", help="a last mark noted earlier: it must still be in the log")
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--object", help="a ticket's code, a login name, ...")
    parser.add_argument("--actor", help="a login name")
    parser.add_argument("--json", action="store_true")


def _console(_arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.console import serve_console

    return serve_console(settings)


def _invite(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.vault import open_vault
    from suar.staff import invite

    return invite(
        open_vault(settings),
        settings,
        login=arguments.login,
        name=arguments.name,
        role=arguments.role,
        region=arguments.region,
        unit=arguments.unit,
        language=arguments.language,
        out=sys.stdout,
    )


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.vault import open_vault
    from suar.staff import listing

    return listing(open_vault(settings), as_json=arguments.json, out=sys.stdout)


def _set_active(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.vault import open_vault
    from suar.staff import set_active

    vault = open_vault(settings)
    return set_active(vault, arguments.login, active=arguments.active, out=sys.stdout)


def _audit(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.vault import open_vault
    from suar.audit import listing, verify

    vault = open_vault(settings)
    if arguments.what == "verify":
        return verify(vault, mark=arguments.mark, out=sys.stdout)
    return listing(
        vault,
        limit=arguments.limit,
        object=arguments.object,
        actor=arguments.actor,
        as_json=arguments.json,
        out=sys.stdout,
    )
