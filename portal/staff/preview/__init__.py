"""Choosing as whom to look at a case of one's own. The pages themselves stand with the family's (`web.preview`)."""
