"""A pretend Apple, and phones that speak its real protocols: all runs without an account."""
