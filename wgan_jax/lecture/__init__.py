"""The lectures, alive: each of their figures is a file in experiments/lecture, drawn by what is here."""
