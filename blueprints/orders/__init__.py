"""Ordering a course: the order, its check page, the invoice, cancellation and refund."""
