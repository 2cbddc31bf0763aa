"""The language understanding components of the bot, run inside Rasa."""
