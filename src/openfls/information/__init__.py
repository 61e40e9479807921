"""Letters as values, rendered as HTML and PDF."""
