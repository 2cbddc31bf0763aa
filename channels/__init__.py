"""Between a provider and our database: gateway, worker, rendering, Rasa's client."""
