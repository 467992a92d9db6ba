"""Issued passes, the phones that show them, what each was told and fetched, and the outbox."""
