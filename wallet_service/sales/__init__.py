"""What happens at a counter: one function for each intention, each one transaction."""
