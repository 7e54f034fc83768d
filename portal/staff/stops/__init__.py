"""A message went to the wrong person: stop it."""
