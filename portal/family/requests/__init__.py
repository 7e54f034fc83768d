"""What became of one's wishes to see more. Refusals and appeals are the core's, nothing is decided here (R11)."""
