"""Coupons: what is promised, given and used."""
