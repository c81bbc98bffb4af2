"""What runs in each process of an instance."""
