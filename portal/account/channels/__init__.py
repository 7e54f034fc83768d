"""What a provider tells us by itself: that somebody has signed out there. Shows nothing to anybody."""
