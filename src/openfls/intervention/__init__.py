"""Drug options with reasons, safety alerts, the plan."""
