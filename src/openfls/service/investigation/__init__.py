"""Scans and bloods of a whole service: who stands where with a scan, and a laboratory's own codes."""
