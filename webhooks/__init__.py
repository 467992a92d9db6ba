"""Machines in: read, verify, call one function, answer with the protocol's status."""
