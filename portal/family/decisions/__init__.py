"""That there is a decision, what it means and the last day to appeal, for who is told of it (rules.md R8, R9)."""
