"""What the optimisers are compared on. One process of `python -m problems` serves every arm, so that all get the same values."""
