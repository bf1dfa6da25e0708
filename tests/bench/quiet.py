"""The product as served, with its request log off: the bare app has none either."""

import logging

from app import create_app

app = create_app()
logging.getLogger("contact_hour.requests").disabled = True
