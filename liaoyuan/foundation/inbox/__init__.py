"""One list of to-dos and messages for everybody, and the channels that carry it outside."""
