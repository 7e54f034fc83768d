"""The conversation of one person with the team of a case: read, write, and the honest state of each message."""
