"""Asking for help: one question a page, every one may be skipped, and nothing is sent before the last page."""
