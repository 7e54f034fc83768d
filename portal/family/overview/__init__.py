"""The front of a case: what happens next, who is responsible, by when, what is new for the reader; asking to see more.

Shows what the core released to this reader, and computes no date of its own.
"""
