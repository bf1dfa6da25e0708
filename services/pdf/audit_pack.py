"""The index of an audit pack as a sheet: letter pages, as many as it takes."""

from services.pdf.sheet import Sheet

AUDIT_PACK = Sheet("audit_pack")
