"""What the bot does on a caller's behalf: one file a topic, thin."""
