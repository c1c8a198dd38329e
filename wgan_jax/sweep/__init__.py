"""Many runs of one experiment: which ones, where they run, and what came of them."""
