"""Training the classifiers whose weights are shipped in wgan_jax/metrics/features/weights_of."""
