"""A person's own sessions: since when, until when, and how to end them. Shows no case."""
