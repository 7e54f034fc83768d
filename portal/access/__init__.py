"""Who may do what. Pure: no input or output, no clock of its own; what is not known denies."""
