"""The pages of information governance: who saw a person, what a user did, what stands out, and the anchor."""
