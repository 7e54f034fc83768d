"""The journal of who saw and did what: append-only, chained, never with content. No row, no page."""
