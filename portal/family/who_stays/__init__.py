"""Whom somebody who turns 18 wants to be able to see something still (rules.md R15). Opens and closes nothing."""
