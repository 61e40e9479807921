"""Everything that is held about one person, in one file, for who asks what is held about her."""
