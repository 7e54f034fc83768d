"""Signing in and out, for families and for staff. The provider says who a person is, the core what they may."""
