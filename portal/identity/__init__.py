"""Who somebody is and how surely: sign-in by OpenID Connect, sessions, sign-out. No routes; decides no right."""
