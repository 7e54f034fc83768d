"""What the person of a thread has said: asking whether somebody may read it, and letting them (rules.md R13)."""
