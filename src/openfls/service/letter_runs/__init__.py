"""What is done with all letters of a batch at once: the file for the printer made, the letters recorded as sent.

It goes on behind the pages, a piece at a time, and is gone on with wherever a fault left it.
"""
