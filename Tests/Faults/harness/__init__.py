"""What the faults have in common: starting hooktop, posting to it, looking at it, and saying how it went."""
