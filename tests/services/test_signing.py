"""A signed certificate is still accessible, and shows every change of it."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import page as pdf_rules
import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from services.pdf.draw import draw
from services.pdf.signing import UnusableKey, load_signer
from tests.printed import facts
from tests.signing_key import PASSPHRASE, make_key_file


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    key_file = make_key_file(tmp_path_factory.mktemp("key"))
    sign = load_signer(key_file, PASSPHRASE, "Certificate of completion", "Philadelphia")
    return sign(draw("certificate", facts()))


def status_of(content: bytes):  # type: ignore[no-untyped-def]
    embedded = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    with ThreadPoolExecutor(1) as apart:
        context = ValidationContext(trust_roots=[])
        return apart.submit(validate_pdf_signature, embedded, context).result()


def test_a_signature_covers_the_whole_file_and_is_intact(signed: bytes) -> None:
    status = status_of(signed)
    assert status.intact and status.valid
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.docmdp_ok


def test_one_changed_byte_is_noticed(signed: bytes) -> None:
    at = signed.index(b"/Lang") + 7
    changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    assert not status_of(changed).intact


def test_a_signed_certificate_still_follows_pdf_ua_1(signed: bytes) -> None:
    report = pdf_rules.validate_pdf_bytes(signed, profile=pdf_rules.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [failure.message for failure in report.failures]
    with pikepdf.open(io.BytesIO(signed)) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def test_a_wrong_passphrase_or_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnusableKey, match="passphrase"):
        load_signer(make_key_file(tmp_path), "wrong", "", "")
    with pytest.raises(UnusableKey, match="no PKCS#12"):
        load_signer(tmp_path / "missing.p12", "", "", "")
