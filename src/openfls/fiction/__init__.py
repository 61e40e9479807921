"""A fictional hospital's year: people, feeds and the course of their care. Nobody in it exists.

`generate` makes the year from a seed, its last day and its size; `feed_files` writes it as hospitals send it.
"""

from openfls.fiction.feeds import feed_files
from openfls.fiction.year import generate

__all__ = ["feed_files", "generate"]
