"""What the README promises, held by the real program; see test_list.py."""
