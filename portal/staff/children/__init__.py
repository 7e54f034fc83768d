"""Children without a national ID: let in by a worker who is with them, and that taken away again (rules.md R4)."""
