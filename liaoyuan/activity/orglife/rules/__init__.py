"""What meetings may decide and how votes are counted: pure functions, no database."""
