"""The door: signing in, second factors, sessions, and the pages on which a manager says who gets in."""
