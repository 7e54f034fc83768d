"""Saying what one thinks, by occasion: one question a page, every one may be skipped, and it goes to the team alone."""
