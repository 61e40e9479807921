"""What is done with all letters of a batch, seen from its page: asked for, watched, and the file handed out."""
