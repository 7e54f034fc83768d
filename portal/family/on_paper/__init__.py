"""One page to print or save: what this reader may see of a case, and how to get the file later (rules.md R18)."""
