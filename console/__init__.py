"""What a responder sees and clicks: a web application on a port of its own."""
