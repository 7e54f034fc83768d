"""Lytt, a participation portal for child protection: a window on a case and a letterbox to it."""
