"""Reading the inbox: one's own items, what one has sent, the deliveries."""
