"""Campaigns: many inputs against the rooms of sitegen, with a seed and counts. `tests/campaign.py` runs them."""
