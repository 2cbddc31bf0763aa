"""The whole road with Telegram at both ends: a question, buttons, a tap, an answer."""

import json
import threading
import time
from collections.abc import Callable

from channels.rasa import Answer, Question
from channels.sender import Post, Sender
from channels.telegram.sending import make_transport
from channels.worker import Worker
from hotline.messages import Choice, Reply
from hotline.settings import Settings
from store.vault import Vault
from tests.channels.telegram.emulator import Emulator, telegram_of, wait_until
from tests.channels.telegram.gateway import serving
from tests.channels.telegram.test_webhook import hook
from tests.channels.telegram.updates import BOT, CHAT, DATE, SITI, text
from tests.fakes import FakeBot, make_desk

MENU = (Choice("Cek perusahaan", "/check_recruiter"), Choice("Lapor", "/report_trafficking"))


def _menu(question: Question) -> Answer:
    if question.choice:
        return Answer((Reply(f"Anda memilih {question.choice}"),), "id")
    return Answer((Reply("Apa yang bisa kami bantu?", MENU),), "id")


def test_a_question_is_answered_and_a_tap_is_understood(
    api: Emulator, vault: Vault, settings: Settings
) -> None:
    """By the real webhook, worker and sender; only Rasa is a stand-in."""
    token, stop = telegram_of(settings).token, threading.Event()
    transport = make_transport(settings)
    desk = make_desk(vault, FakeBot(_menu), time.time, lease=3600)
    post = Post(vault=vault, transports={"telegram": transport})
    jobs: list[Callable[[threading.Event], None]] = [
        Worker(desk, slots=2, poll=0.05).run,
        Sender(post, slots=2, poll=0.05).run,
    ]
    threads = [threading.Thread(target=job, args=(stop,), daemon=True) for job in jobs]
    before = len(api.calls("sendMessage"))
    try:
        for thread in threads:
            thread.start()
        with serving(vault, settings) as url:
            hook(api, settings, url)
            api.put(token, {"message": text("halo")["message"]})
            wait_until(lambda: len(api.calls("sendMessage")) == before + 1)
            shown = api.calls("sendMessage")[-1]
            assert (shown["chat_id"], shown["text"]) == ("770001", "Apa yang bisa kami bantu?")
            rows = json.loads(shown["reply_markup"])["inline_keyboard"]
            ours = {"message_id": 2, "from": BOT, "chat": CHAT, "date": DATE}
            ours["reply_markup"] = {"inline_keyboard": rows}
            query = {"id": "1", "from": SITI, "chat_instance": "1", "message": ours}
            query["data"] = rows[1][0]["callback_data"]
            api.put(token, {"callback_query": query})
            wait_until(lambda: len(api.calls("sendMessage")) == before + 2)
    finally:
        stop.set()
        for thread in threads:
            thread.join(120)
        transport.close()
    assert api.calls("sendMessage")[-1]["text"] == "Anda memilih /report_trafficking"
