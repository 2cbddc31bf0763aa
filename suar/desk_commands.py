"""The commands about console and backups: reads their arguments and calls what does the work."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from hotline.settings import Settings
from hotline.staff import Role

_Add = Callable[[str, object, str], argparse.ArgumentParser]


def add_desk_commands(add: _Add) -> None:
    """Add the commands that an operator of the desk uses."""
    add("console", _console, "serve the responders' console (part of run)")
    _add_staff(add("staff", None, "who may use the console"))
    _add_audit(add("audit", _audit, "who saw and changed what; `verify` checks the log"))
    keeping = add("retention", _retention, "clear what was kept long enough, once a day")
    keeping.add_argument("--now", action="store_true", help="also when it was done today")
    keeping.add_argument("--dry-run", action="store_true", help="count, and clear nothing")
    for name, run, text in (
        ("backup", _backup, "copy database and files into one new file, while Suar runs"),
        ("restore", _restore, "put a backup back where nothing is"),
    ):
        made = add(name, run, text)
        made.add_argument("file", type=Path)
        made.add_argument("--keys", action="store_true", help="only the keys, encrypted")


def _add_staff(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(required=True, metavar="what")
    made = kinds.add_parser("invite", help="make an account, or a fresh link for one")
    made.add_argument("login", help="a short name to log in with")
    made.add_argument("--name", default="", help="what colleagues read")
    made.add_argument("--role", type=Role, choices=list(Role), default=Role.RESPONDER)
    made.add_argument("--region", default="", help="a province or regency; empty: the nation")
    made.add_argument(
        "--unit",
        default="",
        help="an id of the directory (uptd-ppa), or that with a region (uptd-ppa-5371)",
    )
    made.add_argument("--language", choices=["id", "en"], default="id")
    made.set_defaults(command=_invite)
    linked = kinds.add_parser("link", help="let a log-in at the OpenID provider open an account")
    linked.add_argument("login")
    linked.add_argument("--email", default="", help="verified there; counts until the first log-in")
    linked.add_argument("--subject", default="", help="the provider's own name for the person")
    linked.add_argument("--off", action="store_true", help="no longer")
    linked.set_defaults(command=_link)
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


def _backup(arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.backup import backup, backup_keys

    work = backup_keys if arguments.keys else backup
    return work(settings, arguments.file.absolute(), sys.stdout)


def _restore(arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.restore import restore, restore_keys

    if not arguments.keys:
        return restore(settings, arguments.file, sys.stdout)
    typed = getpass("Passphrase: ") if sys.stdin.isatty() else sys.stdin.readline()
    return restore_keys(settings, arguments.file, typed, sys.stdout)


def _retention(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.vault import open_vault
    from suar.retention import run

    vault = open_vault(settings)
    return run(vault, settings, at_once=arguments.now, dry=arguments.dry_run, out=sys.stdout)


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


def _link(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.vault import open_vault
    from suar.staff import link

    return link(
        open_vault(settings), settings, arguments.login, email=arguments.email,
        subject=arguments.subject, off=arguments.off, out=sys.stdout,
    )  # fmt: skip


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
