"""Who has looked at or changed what of one's own, by role and day. What anybody of the family has read is nowhere."""
