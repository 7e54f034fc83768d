"""The way in for children without a national ID: a caseworker's code once, then four words and a PIN."""
