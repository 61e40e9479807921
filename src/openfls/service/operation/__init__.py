"""Running an installation: jobs and who does them, what happens at which hour, signs of life, checks, logs."""
