"""Files from people: what kind it is, made anew in a confined child process, scanned. Never keeps a byte or a name."""
