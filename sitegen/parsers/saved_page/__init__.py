"""Helpers of the capture parser: what a saved Daily Papers page looks like, and how it is read."""
