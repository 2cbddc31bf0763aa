"""What is remembered: database, keys, inbox, outbox, tickets, register, content."""
