"""The rest of the implementation kit: papers filled with local figures, as values, as Word and as PDF."""
