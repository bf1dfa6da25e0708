"""Signing PDFs (PAdES) with the provider's key, so that a changed file shows itself as changed.

Only where the provider has set a key whose certificate readers trust: a self-signed one makes
them warn. The worker signs after drawing, because the drawing process gets no secrets.
"""

# asn1crypto and oscrypto beneath pyHanko carry no types.
# mypy: disallow-untyped-calls=False

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

Signer = Callable[[bytes], bytes]
FIELD = "Signature"


class UnusableKey(Exception):
    """The signing key cannot be read; the message says what is wrong."""


def load_signer(key_file: Path, passphrase: str, reason: str, location: str) -> Signer:
    """What signs a PDF with the key and certificate of a PKCS#12 file.

    `reason` and `location` are written into the signature. Raises UnusableKey.
    """
    from pyhanko.sign import signers

    loaded = signers.SimpleSigner.load_pkcs12(key_file, passphrase=passphrase.encode())
    if loaded is None:
        raise UnusableKey(f"{key_file} is no PKCS#12 file, or its passphrase is another.")

    def sign(content: bytes) -> bytes:
        """In a thread of its own: the library runs an event loop, and so may the caller."""
        with ThreadPoolExecutor(1) as apart:
            return apart.submit(_sign, content, loaded, reason, location).result()

    return sign


def _sign(content: bytes, signer: Any, reason: str, location: str) -> bytes:
    """Certify the whole file, allowing no change after it (ISO 32000, DocMDP 1)."""
    from pyhanko.sign import fields, signers

    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason=reason,
        location=location,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    field = fields.SigFieldSpec(
        FIELD,
        readable_field_name="Signature of the provider",
        invis_sig_settings=fields.InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
    )
    out = io.BytesIO()
    signers.PdfSigner(metadata, signer, new_field_spec=field).sign_pdf(_writer(content), output=out)
    return out.getvalue()


def _writer(content: bytes) -> Any:
    """A writer that leaves the metadata as drawn: rewriting them would break PDF/UA-1."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class _KeepsMetadata(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            pass

    return _KeepsMetadata(io.BytesIO(content))
