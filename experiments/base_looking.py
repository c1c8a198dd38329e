"""The keys of what looks at a trained run: --mode=sample and --mode=evaluate. None of them matters to training."""


def sample() -> dict:
  """The keys of what --mode=sample draws from a checkpoint; none of them matters to training."""
  return dict(
    checkpoint='newest',  # newest, best (by checkpoint.best), or the round of one that is kept
    parts='',  # of classes,truncation,interpolation_z,interpolation_class,arithmetic,neighbours,animation,samples; ''
    # for all that suit the game
    average=True,  # draw with the moving averages, not with the weights of that very round
    seed=0,  # of the latent codes
    batch_size=64,  # samples in one program
    n=1_000,  # raw samples, for samples.npz and png/; 0 for none
    rows=10,  # of a sheet, at most; so many classes are shown
    columns=10,  # of a sheet, or steps of an interpolation
    classes='',  # that are shown, e.g. '3,1,4'; '' for the first ones
    truncation=dict(
      kind='resample',  # entries of a code outside are drawn anew until inside, or put on the border: threshold
      threshold=0.0,  # the largest magnitude of an entry of a code, in the unit of the prior; 0 for any
      sheet='2,1.5,1,0.5,0.04',  # thresholds of the rows of truncation.png
    ),
    standing=standing(),
    arithmetic='',  # means of codes by the numbers of their samples, e.g. '3,17,22-5,9,30+1,2,8'; '' for an example
    neighbours=dict(
      k=5,  # nearest training examples of a sample that are shown
      examples=50_000,  # that are searched, at most; 0 for all
    ),
    animation=dict(
      format='gif',  # or webp
      legs=3,  # latent codes on the round trip of a picture
      frames=16,  # from one code to the next
      milliseconds=60,  # of a frame
    ),
  )


def evaluate() -> dict:
  """The keys of what --mode=evaluate measures of a checkpoint; none of them matters to training."""
  return dict(
    when_done=False,  # whether a run that has ended is evaluated at once, by the same process
    checkpoint='newest',  # newest, best (by checkpoint.best), or the round of one that is kept
    scores='',  # of frechet,kid,inception_score,manifold,intra_class,sliced,laplacian,ms_ssim,stacked, or of
    # points modes,wasserstein,sliced,energy,mmd,kl; '' for all that make sense
    against='',  # splits of the data, and how many samples are set against each, e.g. 'train:50000,test:10000'; '' for
    # as many as there are real ones, 50,000 at most, of a test split 10,000
    weights='',  # of Inception v3: auto to fetch them once, or the PATH of a .pth or .npz; '' to do without
    layer=0,  # of Inception, by its features: 64, 192, 768 or 2048; 0 for the last that the weights reach
    resizer='pytorch',  # of images for Inception: legacy_tf, pytorch, clean, or several separated by commas
    average=True,  # draw with the moving averages, not with the weights of that very round
    seed=0,  # of the latent codes
    batch_size=64,  # images in one program, of all devices together
    n_pixels=2_048,  # images that are compared pixel by pixel, at most
    n_points=2_000,  # points, where data are points
    kept=10_000,  # images whose features are kept for kid and manifold, at most
    splits=10,  # of the Inception score
    kid=dict(subsets=100, subset_size=1_000),
    truncation=dict(kind='resample', threshold=0.0),  # as under sample
    standing=standing(),
  )


def standing() -> dict:
  """The keys of standing statistics: batch statistics of a generator, gathered anew from codes like its own."""
  return dict(
    passes=16,  # 0 to keep the running statistics
    batch_size=64,  # codes in a pass
  )
