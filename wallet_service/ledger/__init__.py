"""The ledger: what each member has, written by one function and never changed."""
