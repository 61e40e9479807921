"""The two services with a record for every address, as the tests of the pages have them."""

from web.conftest import _made_standing, _quick_passwords, _the_day, standing  # noqa: F401 - fixtures
