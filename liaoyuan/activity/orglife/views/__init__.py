"""Pages of meetings, votes and resolutions."""
