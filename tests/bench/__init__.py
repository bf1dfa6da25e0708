"""Figures: `make bench`. Ratios against a bare page on the same server in the same run."""
