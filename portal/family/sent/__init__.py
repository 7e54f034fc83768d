"""What a person has sent, what became of it, and the answers to asking for help. Works while the core is down."""
