"""Letters, decisions, minutes and reports, to be read here. Nothing says that there are others."""
