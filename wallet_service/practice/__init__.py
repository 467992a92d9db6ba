"""A pretend Apple and phones that speak its real protocols, so that everything runs without an account."""
