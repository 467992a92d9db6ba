"""A loyalty programme: a configured thing, its rules as versioned values."""
