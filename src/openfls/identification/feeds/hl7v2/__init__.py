"""HL7 v2: files, batches and framed streams of messages, read message by message."""
