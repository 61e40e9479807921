"""CSV from any hospital: columns recognised by their names or named in a mapping."""
