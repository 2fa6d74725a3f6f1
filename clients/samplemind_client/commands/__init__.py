"""The commands of `samplemind`: one file each, and what they share."""
