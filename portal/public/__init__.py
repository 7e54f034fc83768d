"""Pages for anybody: the front, whom to call, leaving fast, what is kept about you. No session is needed."""
