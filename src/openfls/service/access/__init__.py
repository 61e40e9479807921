"""Who gets in: invitations, leavers, reviews of roles, what a sign-in must show, and records in an emergency."""
