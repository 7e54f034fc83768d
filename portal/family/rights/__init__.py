"""What one has a right to, by phase, in words for this reader (C8). It decides nothing and promises nothing."""
