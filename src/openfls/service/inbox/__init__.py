"""HL7 v2 over MLLP: received, kept, acknowledged, then turned into readings.

Pure parts, without Django or a socket: `framing`, `header`, `answers`, `arrivals`. See docs/explanation/inbox.md.
"""
