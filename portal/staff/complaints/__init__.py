"""What was said about those who work here, for the leader who has got it; whom it is about never comes here."""
