"""What signs the PDFs of certificates, where the operator has set the provider's key."""

import config
from services.pdf.signing import Signer, load_signer
from services.provider import get_provider

REASON = "Certificate of completion, as issued"


def find_signer(settings: config.Settings) -> Signer | None:
    """The signer of this installation; None where no key is set. Raises UnusableKey."""
    if settings.signing_key_file is None:
        return None
    location = get_provider().legal_name
    passphrase = settings.signing_key_passphrase
    return load_signer(settings.signing_key_file, passphrase, REASON, location)
