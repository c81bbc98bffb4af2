"""People of the organisation: who they are, where they belong, what they are and were."""
