"""How long a session still lasts: the warning before its end, staying, and what is said afterwards (WCAG 2.2.1)."""
