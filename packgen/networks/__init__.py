"""What can be trained: the two networks of the paper, the class filter, their losses and weight files."""
