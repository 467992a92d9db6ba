"""What would not keep a pass from working, but would keep it from looking or reading well."""
