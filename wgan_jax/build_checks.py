"""Whether a network that a config names can be made: each mistake one line that says what would be right."""

from typing import Any

from wgan_jax.build_architectures import TRANSLATORS, Architecture
from wgan_jax.errors import UserError
from wgan_jax.networks.plans import plan_for

HALVING = ('gated',)  # activations that need channels by twos on every level
CRITICS_OWN, GENERATORS_OWN = ('projection', 'inner_product'), ('shared', 'embedded')  # ways to be told a label
IMAGE_NORMS = ('instance',)
STYLED = 'modulated_batch'  # the norm that takes a shared embedding and chunks of z


def check_samples(group: str, c: Any, architecture: Architecture, shape: tuple[int, ...]) -> None:
  """Raises a UserError where the architecture that a group's config `c` names cannot make or take such samples."""
  name, largest, points = c.name, max(shape[:2]), len(shape) != 3
  multiple = architecture.multiple((8, 8, 1) if points else shape)
  if multiple and points:
    remedy = 'name image data' if name in TRANSLATORS else f'set --config.{group}.name=mlp'
    also = [key for key in ('attention', 'skip') if c[key]]
    remedy += ''.join(f' and --config.{group}.{key}={type(c[key])()}' for key in also)
    raise UserError(f'{group}.name={name} is for images, these data are points: {remedy}, or image data')
  if architecture.plans and largest > (most := max(architecture.plans)):
    raise UserError(f'{group}.name={name} is for at most {most} pixels: set --config.data.size={most}')
  if multiple and any(side % multiple for side in shape[:2]):
    fitting = -(-largest // multiple) * multiple
    wrong = f'{group}.name={name} needs sides that are multiples of {multiple}, not {shape[0]}x{shape[1]}'
    raise UserError(f'{wrong}: set --config.data.size={fitting}')
  if multiple and largest < architecture.least:
    raise UserError(f'{group}.name={name} needs {architecture.least} pixels or more: set --config.data.size=8, say')


def check_layers(group: str, c: Any, architecture: Architecture) -> None:
  """Raises a UserError where such layers do not make the architecture."""
  name = c.name
  if c.activation in HALVING and c.width % 8:
    width = -(-c.width // 8) * 8
    raise UserError(f'{c.activation} halves the channels, here of {c.width}: set --config.{group}.width={width}')
  for key in ('width', 'depth'):
    if c[key] < (least := getattr(architecture, key)):
      raise UserError(f'{group}.name={name} needs a {key} of {least} at least: set --config.{group}.{key}={least}')
  if c.norm in IMAGE_NORMS and name == 'mlp':
    raise UserError(f'instance normalisation needs images inside, an mlp has none: set --config.{group}.norm=layer')
  if architecture.zeros and (c.spectral_norm or c.equalized):
    key = 'spectral_norm' if c.spectral_norm else 'equalized'
    raise UserError(f'{group}.name={name} has kernels that begin at zero: set --config.{group}.{key}=False')
  if c.equalized and (c.spectral_norm or c.init != 'default'):
    raise UserError(
      f'an equalised learning rate has kernels of its own kind: leave --config.{group}.spectral_norm and .init alone'
    )
  if c.remat and not architecture.remat:
    raise UserError(f'{group}.name={name} has no blocks to compute anew: set --config.{group}.remat=False')
  if not architecture.plans and (c.attention or c.skip):
    key = 'attention' if c.attention else 'skip'
    raise UserError(
      f'{group}.name={name} has no {key}: set --config.{group}.{key}={type(c[key])()}, or .name=biggan for images'
    )


def check_levels(group: str, role: str, c: Any, architecture: Architecture, shape: tuple[int, ...], dim: int) -> None:
  """Raises a UserError where what is asked of a residual network's levels is not there. dim: of the latent codes."""
  if not architecture.plans:
    return
  plan, largest = plan_for(architecture.plans, shape), max(shape[:2])
  levels = {'generator': range(plan.doublings), 'critic': range(1, plan.halvings + 1)}[role]
  # Attention pools by twos.
  sides = [largest // 2**i for i in levels if all(side // 2**i % 2 == 0 for side in shape[:2])]
  if c.attention and c.attention not in sides:
    raise UserError(
      f'{group}.attention={c.attention} is the side of no feature map that fits: set one of {sides}, or 0'
    )
  chunks = plan.doublings + 1
  if c.skip and role == 'generator' and architecture.chunks and dim % chunks:
    fitting = -(-dim // chunks) * chunks
    raise UserError(
      f'skip cuts z into {chunks} chunks, which {dim} does not divide into: set --config.prior.dim={fitting}'
    )


def check_labels(group: str, role: str, c: Any, classes: int | None) -> None:
  """Raises a UserError where a network cannot be told the label, or z, in the way that the config says.

  classes: kinds of labels in the data, None for a network that looks at none.
  """
  if classes == 0:
    raise UserError(f'these data have no labels: set --config.{group}.conditioning=none (and no conditional norm)')
  if c.conditioning in CRITICS_OWN and role == 'generator':
    raise UserError(f'{c.conditioning} is for critics: set --config.{group}.conditioning=concatenate')
  if c.conditioning in GENERATORS_OWN and role == 'critic':
    raise UserError(f'{c.conditioning} is for generators: set --config.{group}.conditioning=projection')
  if role == 'critic' and (c.norm == STYLED or c.skip):
    remedy = f'--config.{group}.norm=none' if c.norm == STYLED else f'--config.{group}.skip=False'
    raise UserError(f'{STYLED} and skip are for generators: set {remedy}')
  if c.norm != STYLED and (c.conditioning == 'shared' or c.skip):
    raise UserError(
      f'a shared embedding and chunks of z are told to norms of one kind: set --config.{group}.norm={STYLED}'
    )
  if c.norm == STYLED and (c.conditioning not in ('shared', 'none') or (c.conditioning == 'none' and not c.skip)):
    raise UserError(
      f'{STYLED} is told a shared embedding or chunks of z: set --config.{group}.conditioning=shared, or on data '
      f'without labels --config.{group}.conditioning=none and --config.{group}.skip=True'
    )
