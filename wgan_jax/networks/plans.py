"""How many channels the residual pairs have on which level, by the size of the images: the papers' tables."""

from typing import NamedTuple


class Plan(NamedTuple):
  """The levels of a pair.

  generator: channels of the first feature map and after each of the blocks, each of which doubles its sides, in
    multiples of the generator's width.
  critic: channels after each block, in multiples of the critic's width. halvings: how many of them halve the sides.
  """

  generator: tuple[int, ...]
  critic: tuple[int, ...]
  halvings: int

  @property
  def doublings(self) -> int:
    """Blocks of the generator."""
    return len(self.generator) - 1


Plans = dict[int, Plan]  # by the sides of the images, at most

# Miyato et al., https://arxiv.org/abs/1802.05957, tables 3-5 (32 and 48), Miyato & Koyama,
# https://arxiv.org/abs/1802.05637, appendix (128), and https://github.com/kwotsin/mimicry (64). Constant at 32, where
# the paper's widths are 256 and 128; elsewhere in multiples of 64.
SNGAN: Plans = {
  32: Plan((1, 1, 1, 1), (1, 1, 1, 1), 2),
  48: Plan((8, 4, 2, 1), (1, 2, 4, 8, 16), 4),
  64: Plan((16, 8, 4, 2, 1), (1, 2, 4, 8, 16), 5),
  128: Plan((16, 16, 8, 4, 2, 1), (1, 2, 4, 8, 16, 16), 5),
}
# Brock et al., https://arxiv.org/abs/1809.11096, appendix B, tables 4-6 (128 to 512), and
# https://github.com/POSTECH-CVLab/PyTorch-StudioGAN (32 and 64).
BIGGAN: Plans = {
  32: Plan((4, 4, 4, 4), (2, 2, 2, 2), 2),
  64: Plan((16, 8, 4, 2, 1), (1, 2, 4, 8, 16), 4),
  128: Plan((16, 16, 8, 4, 2, 1), (1, 2, 4, 8, 16, 16), 5),
  256: Plan((16, 16, 8, 8, 4, 2, 1), (1, 2, 4, 8, 8, 16, 16), 6),
  512: Plan((16, 16, 8, 8, 4, 2, 1, 1), (1, 1, 2, 4, 8, 8, 16, 16), 7),
}
# Brock et al., tables 7-9 (128 to 512), and https://github.com/ajbrock/BigGAN-PyTorch (32 and 64). The critic's first
# level is that of its first convolution, which halves nothing.
BIGGAN_DEEP: Plans = {
  32: Plan((4, 4, 4, 4), (4, 4, 4, 4), 2),
  64: Plan((16, 16, 8, 4, 2), (1, 2, 4, 8, 16), 4),
  128: Plan((16, 16, 8, 4, 2, 1), (1, 2, 4, 8, 16, 16), 5),
  256: Plan((16, 16, 8, 8, 4, 2, 1), (1, 2, 4, 8, 8, 16, 16), 6),
  512: Plan((16, 16, 8, 8, 4, 2, 1, 1), (1, 1, 2, 4, 8, 8, 16, 16), 7),
}


def plan_for(plans: Plans, shape: tuple[int, ...]) -> Plan:
  """The plan of the smallest size that an image [H, W, C] does not exceed.

  Raises:
    ValueError: for images larger than any.
  """
  fitting = [size for size in plans if size >= max(shape[:2])]
  if not fitting:
    raise ValueError(f'images of at most {max(plans)} pixels a side, not {shape[0]}x{shape[1]}')
  return plans[min(fitting)]


# Karras et al., https://arxiv.org/abs/1710.10196, table 2: 16 channels at 1024 pixels.
LARGEST = 16384  # channels times the longer side of what grows, at most


def resolutions(height: int, width: int) -> list[tuple[int, int]]:
  """Sizes from the first level's to the image's: it is halved while both sides are even and the longer is above 4."""
  sizes = [(height, width)]
  while max(sizes[0]) > 4 and not any(side % 2 for side in sizes[0]):
    sizes.insert(0, tuple(side // 2 for side in sizes[0]))
  return sizes


def channels_of(sizes: list[tuple[int, int]], width: int) -> list[int]:
  """Of each of these resolutions, `width` at most."""
  return [max(min(width, LARGEST // max(size)), 1) for size in sizes]
