"""The command `suar`: reads the arguments and calls the part that does the work."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from hotline.errors import Refused, SuarError
from hotline.messages import Channel
from hotline.settings import Settings, SettingsError, load_settings
from suar.desk_commands import add_desk_commands
from suar.learn import add_learn_commands
from suar.logs import Wordless


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; errors become one plain line and exit code 2."""
    arguments = _parser().parse_args(argv)
    os.umask(0o077)  # what we and our parts write is for their owner alone
    try:
        settings = load_settings()
        _log(settings.log_level)
        for chatty in ("httpx", "alembic"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        code: int = arguments.command(arguments, settings)
    except (SuarError, SettingsError) as error:
        print(f"suar: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0  # whoever reads us has seen enough
    except (sa.exc.DBAPIError, OSError) as error:
        # A driver's own text may quote values; its kind and the address of the fault are enough.
        kind = type(getattr(error, "orig", None) or error).__name__
        print(f"suar: the database or its folder cannot be used ({kind})", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return code


def _log(level: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Wordless("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="suar", description="Suar, a hotline assistant")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, run: object, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(command=run)
        return made

    add("run", _run, "start everything on this machine, until Ctrl-C")
    train = add("train", _train, "make the model for the present content, unless it is there")
    train.add_argument(
        "--allow", action="store_true", help="use it even if it reads worse than the one in use"
    )
    add("gateway", _gateway, "serve webhooks, health and the try-out page (part of run)")
    worker = add("worker", _worker, "answer waiting messages (part of run)")
    worker.add_argument(
        "--patience",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="first wait so long for the bot to be ready",
    )
    add("poll", _poll, "fetch Telegram's updates (part of run where there is no webhook)")
    add("smpp", _smpp, "hold the session with the SMS centre (part of run where one is set)")
    chat = add("chat", _chat, "talk to the bot: a line in, the replies out")
    chat.add_argument("--channel", type=Channel, choices=list(Channel), default=Channel.LOCAL)
    chat.add_argument("--conversation", metavar="ID", help="continue the conversation of this name")
    chat.add_argument("--json", action="store_true", help="one JSON object a reply")
    parse = add("parse", _parse, "say what the bot understands, one text a line")
    parse.add_argument("file", nargs="?", type=Path)
    tickets = add("tickets", _tickets, "show the tickets, decrypted")
    tickets.add_argument("code", nargs="?")
    tickets.add_argument("--json", action="store_true")
    _add_conversations(
        add("conversations", _conversations, "show, take, answer and give back conversations")
    )
    add("evaluate", _evaluate, "measure the newest model and compare it with the one in use")
    add("keys", _keys, "make a new key and seal everything with it")
    telegram = add("telegram", _telegram, "what Telegram knows of this bot")
    telegram.add_argument("thing", choices=["webhook"])
    telegram.add_argument("what", choices=["set", "show", "delete"], nargs="?", default="show")
    _add_register(add("register", None, "the register of licensed recruiters"))
    add_desk_commands(add)
    add_learn_commands(add)
    return parser


def _add_conversations(parser: argparse.ArgumentParser) -> None:
    actions = ("show", "claim", "reply", "give-back", "release")
    parser.add_argument("action", nargs="?", choices=actions, help="without one: the list")
    parser.add_argument("id", nargs="?", help="a conversation, the beginning of its id, or a code")
    parser.add_argument("text", nargs="?", default="", help="what to reply")
    parser.add_argument("--by", metavar="NAME", help="who acts")
    parser.add_argument("--all", action="store_true", help="also those that need nobody")
    parser.add_argument("--json", action="store_true")


def _add_register(register: argparse.ArgumentParser) -> None:
    kinds = register.add_subparsers(required=True, metavar="what")
    load = kinds.add_parser("import", help="take a new register into force")
    load.add_argument("file", type=Path)
    load.add_argument("--source", required=True, help="where the file comes from (address)")
    load.add_argument(
        "--as-of", required=True, type=date.fromisoformat, help="the day it describes, YYYY-MM-DD"
    )
    load.add_argument("--demo", action="store_true", help="invented data, marked in every answer")
    load.add_argument(
        "--accept-shrunken",
        action="store_true",
        help="take a file with far fewer rows too",
    )
    load.add_argument(
        "--accept-older",
        action="store_true",
        help="take a list that is older than the one in force",
    )
    load.set_defaults(command=_register_import)
    check = kinds.add_parser("check", help="check a name as a caller would get it")
    check.add_argument("name")
    check.add_argument("--json", action="store_true")
    check.set_defaults(command=_register_check)


# Each command imports what it needs: `suar tickets` must not load what only the worker uses.
def _run(_arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.run import run

    return run(settings)


def _train(arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.training import ensure_model

    print(ensure_model(settings, allow=arguments.allow))
    return 0


def _gateway(_arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.serving import serve_gateway

    return serve_gateway(settings)


def _worker(arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.serving import serve_worker

    return serve_worker(settings, patience=arguments.patience)


def _poll(_arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.telegram import poll

    return poll(settings)


def _smpp(_arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.smpp import serve_smpp

    return serve_smpp(settings)


def _telegram(arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.telegram import webhook

    return webhook(settings, arguments.what, sys.stdout)


def _chat(arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.chat import chat

    return chat(
        settings,
        channel=arguments.channel,
        conversation=arguments.conversation,
        as_json=arguments.json,
        lines=sys.stdin,
        out=sys.stdout,
    )


def _parse(arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.parse import run
    from suar.training import ensure_model

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    return run(arguments.file, sys.stdout, model=ensure_model(settings), source=sys.stdin)


def _evaluate(_arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.evaluate import run
    from suar.gate import in_use
    from suar.training import make_model, present_judge

    model = make_model(settings)
    used = None if settings.model else in_use(settings.model_folder, model)
    return run(
        sys.stdout,
        model=model,
        used=used,
        judge=present_judge(),
        today=datetime.now(UTC).date(),
        tell=lambda line: print(line, file=sys.stderr, flush=True),
    )


def _tickets(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.vault import open_vault
    from suar.tickets import show

    vault = open_vault(settings)
    return show(vault, code=arguments.code, as_json=arguments.json, out=sys.stdout)


def _conversations(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.vault import open_vault
    from suar.conversations import act, listing, make_counter, show

    counter = make_counter(open_vault(settings), settings)
    out, by, wanted = sys.stdout, arguments.by, arguments.id
    if arguments.action is None:
        return listing(counter, everything=arguments.all, as_json=arguments.json, out=out)
    if wanted is None:
        raise Refused(f"which conversation? suar conversations {arguments.action} ID")
    if arguments.action == "show":
        return show(counter, wanted, by=by, as_json=arguments.json, out=out)
    return act(counter, arguments.action, wanted, by=by, text=arguments.text, out=out)


def _keys(_arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.keys import rotate

    return rotate(settings, sys.stdout)


def _register_import(arguments: argparse.Namespace, settings: Settings) -> int:
    from store.vault import open_vault
    from suar.register import import_command

    return import_command(
        open_vault(settings).engine,
        arguments.file,
        source=arguments.source,
        as_of=arguments.as_of,
        demo=arguments.demo,
        accept_shrunken=arguments.accept_shrunken,
        accept_older=arguments.accept_older,
        freshness_days=settings.register_max_age_days,
        out=sys.stdout,
    )


def _register_check(arguments: argparse.Namespace, settings: Settings) -> int:
    from suar.register import check_command
    from suar.run import prepare

    return check_command(
        prepare(settings).engine,
        arguments.name,
        as_json=arguments.json,
        today=datetime.now(UTC).date(),
        freshness_days=settings.register_max_age_days,
        out=sys.stdout,
    )
