"""Backup and restore: one file that holds the whole database, checked when made and when used."""

from wallet_service.backup.archive import Manifest, read
from wallet_service.backup.make import Made, make
from wallet_service.backup.restore import Restored, restore

__all__ = ["Made", "Manifest", "Restored", "make", "read", "restore"]
