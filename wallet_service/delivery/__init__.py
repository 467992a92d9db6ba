"""From the outbox to the phones: the only room that calls Apple and Google."""
