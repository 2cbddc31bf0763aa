"""Small answers to Telegram that keep nobody waiting: they are tried once, and may fail."""

from __future__ import annotations

import logging

from channels.telegram.line import Line
from channels.telegram.parse import Heard

logger = logging.getLogger(__name__)


def run_errands(line: Line, heard: Heard) -> None:
    """Do what an update asks for besides being stored; returns at once."""
    if heard.passed_over:
        logger.info("a Telegram update is passed over: %s", heard.passed_over)
    if heard.query:
        query = heard.query
        # Without it the button goes on turning on her phone.
        line.soon(lambda bot: bot.answer_callback_query(query))
    if heard.leave is not None:
        group = heard.leave
        line.soon(lambda bot: bot.leave_chat(group))
