"""A passkey instead of four words: made with a caseworker beside one, used on the child's own phone. Names nobody."""
