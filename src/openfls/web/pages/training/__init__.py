"""The pages of the training room: learning, sitting papers, the portfolio, the team, and what a stranger may verify."""
