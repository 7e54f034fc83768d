"""The plan of a case: goals and measures, the child's own words, and the reader's comments with their answers."""
