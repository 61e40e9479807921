"""From what a hospital delivers to people, fractures and episodes."""
