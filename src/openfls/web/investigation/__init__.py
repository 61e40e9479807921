"""Pages about scans and bloods beside the assessment: every scan, who goes without one, a laboratory's own codes."""
