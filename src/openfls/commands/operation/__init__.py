"""Running a team's installation: serve, worker, schedule, migrate, check."""
