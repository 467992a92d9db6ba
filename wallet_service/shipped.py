"""Where the files that come with the service lie: beside it in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent
_IS_CHECKOUT = (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "templates").is_dir()

SHIPPED = _CHECKOUT if _IS_CHECKOUT else _PACKAGE / "_shipped"


def shipped(*parts: str) -> Path:
    """A file or folder that comes with the service. Raises FileNotFoundError."""
    path = SHIPPED.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"{'/'.join(parts)} is missing from this installation ({SHIPPED}).")
    return path
