"""Telegram: what callers send to the bot and what the bot sends them, by the Bot API."""
