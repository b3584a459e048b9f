import pytest

from live.errors import UserError
from live.keep.sizes import read_size, said_size


@pytest.mark.parametrize(
    ("text", "size"),
    [("20GB", 20 * 10**9), ("500 MB", 5 * 10**8), ("1.5tb", 15 * 10**11), ("2G", 2 * 10**9)],
)
def test_sizes_as_people_write_them(text, size):
    assert read_size(text) == size
    assert read_size(said_size(size)) == size


@pytest.mark.parametrize("text", ["", "20", "GB", "-1GB", "20 GiB", "1e3GB", "99MB", "0GB", "nan"])
def test_what_is_no_size(text):
    with pytest.raises(UserError, match=r"^keep is "):
        read_size(text)
