"""Saying that one disagrees with a decision or an answer: at every age, and while the core is down (rules.md R8)."""
