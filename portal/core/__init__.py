"""The core case system behind one port. It is the authority; this package only asks and carries."""
