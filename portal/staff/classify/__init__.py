"""Is this a report of concern, an application for help, or neither? Decided by a person, with a reason."""
