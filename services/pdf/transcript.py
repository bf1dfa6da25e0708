"""The transcript as a sheet: letter pages, as many as it takes."""

from services.pdf.sheet import Sheet

TRANSCRIPT = Sheet("transcript")
