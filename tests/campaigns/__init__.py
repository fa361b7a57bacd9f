"""Campaigns: many inputs against sitegen, with a seed and counts. `tests/campaign.py` runs them."""
