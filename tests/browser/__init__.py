"""The outside judges: they look at the built site as strangers do. See .ci/run for what they need."""
