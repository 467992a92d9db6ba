"""What the phones room refuses."""


class PhonesError(Exception):
    """The phones room refused."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TooManyDevices(PhonesError):
    """This pass is on as many devices as one pass may be."""


class TooManyPasses(PhonesError):
    """This device holds as many passes as one device may."""
