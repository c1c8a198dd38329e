"""What a trained generator can do, in sheets and in raw samples: `launch.py --mode=sample`."""
