"""Browsers of people whom several files of tests need."""

import pytest

from extensions import db
from tests.factories import make_administrator
from tests.site import Site


@pytest.fixture
def carol(site: Site) -> Site:
    """Carol's browser; she administers."""
    with site.app.app_context():
        make_administrator()
        db.session.commit()
    site.log_in("carol@example.org")
    return site
