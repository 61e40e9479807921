"""Drug options with reasons, safety alerts, the plan. Not built yet: the plan is recorded in `service`."""
