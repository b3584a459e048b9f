"""What ends one clip and no data set."""


class Broken(Exception):  # noqa: N818
    """Why a clip cannot be used."""
