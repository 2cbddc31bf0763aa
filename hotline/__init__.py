"""The subject: tickets, messages, readings, facts; no I/O, the standard library alone."""
