"""Where a signed-in person begins: each child's space apart, one's own, or ways to get help. Names only."""
