r"""Prints how exact and how fast the ways are to the trace of (C_r C_f)^(1/2), which a Frechet distance needs.

    OPENBLAS_NUM_THREADS=1 python -m experiments.benchmarks.frechet [--dimensions=64,768,2048]

The two covariances have the same eigenvectors, so that the trace is known; 'full' ones have eigenvalues from 1 to 1e-6,
'nearly singular' ones to 1e-12, and of the 'singular' ones half are zero, not the same half.

Relative error of the trace and processor seconds, measured on one CPU core (numpy 2.4.6, scipy 1.17.1, 2026-11-26):

                                      scipy sqrtm           eigenvalues             symmetric                  here
      64 full                     1e-12    0.00 s       1e-12    0.00 s       9e-14    0.00 s       0e+00    0.00 s
      64 nearly singular          9e-09    0.00 s       9e-09    0.00 s       1e-08    0.00 s       4e-16    0.00 s
      64 singular                 3e-08    0.00 s       3e-08    0.00 s       3e-08    0.00 s       1e-15    0.00 s
     768 full                     2e-13    0.38 s       2e-13    0.21 s       7e-13    0.17 s       2e-16    0.18 s
     768 nearly singular          2e-08    0.70 s       2e-08    0.27 s       2e-08    0.15 s       0e+00    0.17 s
     768 singular                 5e-08    0.68 s       5e-08    0.29 s       4e-08    0.15 s       4e-15    0.05 s
    2048 full                     2e-13   15.59 s       2e-13    5.29 s       6e-13    3.36 s       9e-16    3.70 s
    2048 nearly singular          2e-08   22.13 s       2e-08    7.11 s       2e-08    3.08 s       4e-16    3.25 s
    2048 singular                 6e-08   17.58 s       6e-08    2.96 s       4e-08    2.97 s       2e-15    0.89 s

Where sqrtm takes the root of an eigenvalue that is rounding noise, it loses half of the digits; the way here has none.
"""

import argparse
import time

import numpy as np
import scipy.linalg

from wgan_jax.metrics.frechet import gaussian_distance


def root(real, fake):
  """What pytorch-fid and clean-fid do."""
  return np.trace(scipy.linalg.sqrtm(real @ fake)).real


def eigenvalues(real, fake):
  """What torch-fidelity does."""
  return np.sqrt(np.linalg.eigvals(real @ fake).astype(complex)).real.sum()


def symmetric(real, fake):
  """Eigenvalues of C_r^(1/2) C_f C_r^(1/2)."""
  values, vectors = np.linalg.eigh(real)
  half = vectors * np.sqrt(values.clip(0)) @ vectors.T
  return np.sqrt(np.linalg.eigvalsh(half @ fake @ half).clip(0)).sum()


def here(real, fake):
  zero = np.zeros(len(real))
  return (np.trace(real) + np.trace(fake) - gaussian_distance(zero, real, zero, fake)) / 2


WAYS = {'scipy sqrtm': root, 'eigenvalues': eigenvalues, 'symmetric': symmetric, 'here': here}


def spectra(dimensions: int, rng: np.random.Generator) -> dict[str, tuple[np.ndarray, np.ndarray]]:
  """Eigenvalues of the real and of the fake covariance, [D] each, by kind."""
  factors = rng.uniform(0.5, 2, (2, dimensions))
  half = np.where(np.arange(dimensions) < dimensions // 2, np.logspace(0, -3, dimensions), 0)
  return {
    'full': factors * np.logspace(0, -6, dimensions),
    'nearly singular': factors * np.logspace(0, -12, dimensions),
    'singular': factors * [half, np.roll(half, dimensions // 4)],
  }


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument('--dimensions', default='64,768,2048')
  rng = np.random.default_rng(0)
  print(f'{"":25}' + ''.join(f'{name:>22}' for name in WAYS))
  for dimensions in map(int, parser.parse_args().dimensions.split(',')):
    basis = np.linalg.qr(rng.normal(size=(dimensions, dimensions)))[0]
    for kind, pair in spectra(dimensions, rng).items():
      covariances = [(basis * values) @ basis.T for values in pair]
      real, fake = ((covariance + covariance.T) / 2 for covariance in covariances)
      line = f'{dimensions:>6} {kind:18}'
      for way in WAYS.values():
        start = time.process_time()
        error = abs(way(real, fake) / np.sum(np.sqrt(pair[0] * pair[1])) - 1)
        line += f'{error:12.0e} {time.process_time() - start:7.2f} s'
      print(line, flush=True)


if __name__ == '__main__':
  main()
