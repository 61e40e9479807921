"""What bad input and bad people try, across the rooms."""
