"""HL7 v2 over MLLP: received, kept, acknowledged, then turned into readings. Pure parts: `framing`, `header`, `answers`, `arrivals`."""
