"""Forms: what is typed, read into the values that the actions take."""
