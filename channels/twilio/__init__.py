"""WhatsApp and SMS through Twilio: what comes in, what goes out, and what became of it."""
