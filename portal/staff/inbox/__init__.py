"""The threads of a worker's families, and of those who asked for help: what is new and how long it has waited."""
