"""Well-behaved adapters: each must reach the level it claims."""
