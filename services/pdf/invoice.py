"""The invoice, and the receipt, as a sheet: letter pages, as many as it needs."""

from services.pdf.sheet import Sheet

INVOICE = Sheet("invoice")
