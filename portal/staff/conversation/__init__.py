"""One thread as staff read it: opening it is said to the family, and only when a person presses the button."""
