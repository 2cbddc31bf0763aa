"""Updates in the Bot API's own form, about people who do not exist."""

from typing import Any

SITI: dict[str, Any] = {
    "id": 770001,
    "is_bot": False,
    "first_name": "Siti",
    "language_code": "id",
}
CHAT: dict[str, Any] = {"id": 770001, "first_name": "Siti", "type": "private"}
GROUP: dict[str, Any] = {"id": -1009001, "title": "Keluarga besar", "type": "supergroup"}
CHANNEL: dict[str, Any] = {"id": -1009002, "title": "Info kerja", "type": "channel"}
BOT: dict[str, Any] = {"id": 666, "is_bot": True, "first_name": "Resep", "username": "ResepBot"}
NUMBER = 5001
DATE = 1732251600


def message(*, kind: str = "message", chat: dict[str, Any] = CHAT, **content: Any) -> Any:
    """Make an update with one message."""
    return {
        "update_id": NUMBER,
        kind: {"message_id": 31, "from": SITI, "chat": chat, "date": DATE, **content},
    }


def text(words: str, **more: Any) -> Any:
    """Make an update with a text."""
    return message(text=words, **more)


def command(words: str) -> Any:
    """Make an update with a command, marked as Telegram marks it."""
    length = len(words.split()[0])
    return text(words, entities=[{"type": "bot_command", "offset": 0, "length": length}])


def tap(data: str | None, *, shown: dict[str, Any] | None = None, title: str = "Ya") -> Any:
    """Make an update with a tap on a button of one of our messages."""
    button = {"text": title, "callback_data": data or "x"}
    ours = {
        "message_id": 30,
        "from": BOT,
        "chat": CHAT,
        "date": DATE,
        "text": "Mau lapor?",
        "reply_markup": {
            "inline_keyboard": [[{"text": "Lain", "callback_data": "c:9:9"}], [button]]
        },
    }
    query = {"id": "4382bfdwdsb323b2d9", "from": SITI, "chat_instance": "-3871"}
    query |= {"message": ours if shown is None else shown}
    return {"update_id": NUMBER, "callback_query": query | ({"data": data} if data else {})}


def reaction(*emoji: str, chat: dict[str, Any] = CHAT) -> Any:
    """Make an update with a changed reaction."""
    change = {
        "chat": chat,
        "message_id": 30,
        "user": SITI,
        "date": DATE,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji],
    }
    return {"update_id": NUMBER, "message_reaction": change}


def membership(status: str, *, chat: dict[str, Any] = CHAT, date: int = DATE) -> Any:
    """Make an update with a change of what the bot may do in a chat."""
    new: dict[str, Any] = {"user": BOT, "status": status}
    if status == "kicked":
        new["until_date"] = 0
    change = {
        "chat": chat,
        "from": SITI,
        "date": date,
        "old_chat_member": {"user": BOT, "status": "member"},
        "new_chat_member": new,
    }
    return {"update_id": NUMBER, "my_chat_member": change}


def photo_size(number: str, size: int) -> dict[str, Any]:
    """Make one size of a photo."""
    sides = {"width": 90, "height": 90}
    return {"file_id": number, "file_unique_id": f"u-{number}", "file_size": size, **sides}


def file(number: str = "BQAD", **more: Any) -> dict[str, Any]:
    """Make a file as it stands in a message."""
    return {"file_id": number, "file_unique_id": f"u-{number}", "file_size": 4000, **more}
