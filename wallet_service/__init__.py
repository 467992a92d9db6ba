"""The application: a loyalty-pass service. ARCHITECTURE.md names its rooms."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("wallet-service")
except PackageNotFoundError:  # run from a folder that was never installed
    __version__ = "0"
