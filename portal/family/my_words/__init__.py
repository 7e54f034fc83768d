"""What somebody has said: who may read it, being asked item by item, and the sentence about one's view (R13)."""
