"""Whom a child sees and when, where it lives, and saying more, less or not now: to the team alone (rules.md R13)."""
