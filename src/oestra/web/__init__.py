"""The local page: people see resistance happen. Thin: parse, call, show."""
