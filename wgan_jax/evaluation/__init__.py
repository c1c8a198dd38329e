"""--mode=evaluate: what a run's samples are worth, in numbers that say how they were made."""
