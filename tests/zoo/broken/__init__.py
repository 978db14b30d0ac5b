"""Adapters with one defect each: each must fail exactly the requirement it is named after."""
