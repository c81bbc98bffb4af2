"""What a duty rule is and how its dates are counted. Pure."""
