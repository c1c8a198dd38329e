"""CycleGAN's terms by hand, with affine translators of grey images and critics of single pixels."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax import priors
from wgan_jax.augmentations import Augmentation
from wgan_jax.games.cyclegan import CycleGan
from wgan_jax.networks.augmented import Augmented
from wgan_jax.objectives import least_squares

KEY = jax.random.key(13)
RNG = np.random.default_rng(8)
IMAGE, SOURCE = RNG.uniform(-1, 1, (2, 4, 2, 2, 1)).astype(np.float32)
X, S = np.float64(IMAGE), np.float64(SOURCE)
# (slope, offset) of each network.
LINES = {'generator': (1.5, -0.2), 'inverse': (0.8, 0.4), 'critic': (2.0, 0.3), 'inverse_critic': (-1.2, 0.5)}


class Pixelwise(nn.Module):
  """Images [B, H, W, C] -> slope image + offset; a critic's, [B, H, W], have no channels."""

  critic: bool = False

  @nn.compact
  def __call__(self, x, label=None, *, train):
    line = self.param('line', nn.initializers.zeros, (2,))
    return line[0] * (x[..., 0] if self.critic else x) + line[1]


def params(**lines):
  return {name: {'line': jnp.float32(line)} for name, line in {**LINES, **lines}.items()}


def make(**fields):
  networks = {name: Pixelwise('critic' in name) for name in LINES}
  return CycleGan(**{**networks, 'prior': priors.empirical(SOURCE), **fields})


def apply(game, loss, params):
  batch = {'image': IMAGE, 'source': SOURCE}
  return game.apply({'params': params}, batch, method=loss, rngs={'params': KEY})


def by(name, x):
  return LINES[name][0] * x + LINES[name][1]


def apart(a, b):
  return np.mean(np.abs(a - b))


CYCLE = apart(by('inverse', by('generator', S)), S) + apart(by('generator', by('inverse', X)), X)
IDENTITY = apart(by('generator', X), X) + apart(by('inverse', S), S)
JUDGED = by('critic', by('generator', S)), by('inverse_critic', by('inverse', X))
# Whole squares: it is the critics' that the paper halves.
FOOLING = sum(np.mean((logits - 1) ** 2) for logits in JUDGED)


@pytest.mark.parametrize('cycle, identity', [(10.0, 0.5), (3.0, 0.0), (0.0, 1.0)])
def test_the_generators_fool_both_critics_close_both_circles_and_keep_what_is_right(cycle, identity):
  loss, metrics = apply(make(cycle=cycle, identity=identity), 'generator_loss', params())
  np.testing.assert_allclose(metrics['cycle'], CYCLE, rtol=5e-6)
  np.testing.assert_allclose(metrics['identity'], IDENTITY, rtol=5e-6)
  np.testing.assert_allclose(loss, FOOLING + cycle * CYCLE + cycle * identity * IDENTITY, rtol=5e-6)


def test_weights_are_the_papers_unless_said():
  np.testing.assert_allclose(
    apply(make(), 'generator_loss', params())[0], FOOLING + 10 * CYCLE + 5 * IDENTITY, rtol=5e-6
  )


def test_each_critic_pays_half_of_least_squares_for_its_own_kind():
  real = by('critic', X), by('inverse_critic', S)
  expected = sum(np.mean((r - 1) ** 2) / 2 + np.mean(f**2) / 2 for r, f in zip(real, JUDGED, strict=True))
  np.testing.assert_allclose(apply(make(), 'critic_loss', params())[0], expected, rtol=5e-6)


def test_translators_that_undo_each_other_have_no_cycle_cost():
  _, metrics = apply(make(), 'generator_loss', params(generator=(2.0, 1.0), inverse=(0.5, -0.5)))
  np.testing.assert_allclose(metrics['cycle'], 0.0, atol=1e-6)
  assert metrics['identity'] > 0.5


def test_translators_that_change_nothing_have_no_identity_cost():
  game, nothing, half = make(), (1.0, 0.0), (0.5, 0.0)
  assert apply(game, 'generator_loss', params(generator=nothing, inverse=nothing))[1]['identity'] == 0
  _, metrics = apply(game, 'generator_loss', params(generator=half, inverse=nothing))
  np.testing.assert_allclose(metrics['identity'], np.mean(np.abs(X)) / 2, rtol=5e-6)
  np.testing.assert_allclose(metrics['cycle'], (np.mean(np.abs(S)) + np.mean(np.abs(X))) / 2, rtol=5e-6)


def torch_losses(torch, line):
  x, s = torch.tensor(X), torch.tensor(S)
  by = lambda name, x: line[name][0] * x + line[name][1]
  apart = lambda a, b: (a - b).abs().mean()
  fake, back = by('generator', s), by('inverse', x)
  cycle = apart(by('inverse', fake), s) + apart(by('generator', back), x)
  identity = apart(by('generator', x), x) + apart(by('inverse', s), s)
  fooling = ((by('critic', fake) - 1) ** 2 + (by('inverse_critic', back) - 1) ** 2).mean()
  told = [
    (by('critic', x), by('critic', fake.detach())),
    (by('inverse_critic', s), by('inverse_critic', back.detach())),
  ]
  critics = sum(((real - 1) ** 2 + fake**2).mean() / 2 for real, fake in told)
  return {'generator_loss': fooling + 10 * cycle + 5 * identity, 'critic_loss': critics}


def test_gradients_are_pytorchs_and_the_critics_leave_the_translators_alone():
  torch = pytest.importorskip('torch')
  line = {name: torch.tensor(np.float64(np.float32(v)), requires_grad=True) for name, v in LINES.items()}
  for loss, value in torch_losses(torch, line).items():
    expected = torch.autograd.grad(value, list(line.values()), allow_unused=True)
    found = jax.jit(jax.grad(lambda params, loss=loss: apply(make(), loss, params)[0]))(params())
    for name, gradient in zip(LINES, expected, strict=True):
      gradient = np.zeros(2) if gradient is None else gradient
      np.testing.assert_allclose(found[name]['line'], gradient, rtol=2e-5, atol=1e-5, err_msg=f'{loss} {name}')
    if loss == 'critic_loss':
      assert not found['generator']['line'].any() and not found['inverse']['line'].any()


def test_translators_move_first_and_together_and_so_do_critics():
  assert [(turn.loss, set(turn.learns), turn.repeats) for turn in make().turns] == [
    ('generator_loss', {'generator', 'inverse'}, 1),
    ('critic_loss', {'critic', 'inverse_critic'}, 1),
  ]


def test_a_sample_is_a_source_that_is_drawn_and_translated():
  samples = np.asarray(apply(make(), lambda game, _: game.sample(12), params()))
  translated = np.float32(by('generator', S))
  distances = np.abs(samples[:, None] - translated[None]).max(axis=(2, 3, 4))
  assert distances.min(axis=1).max() < 1e-6
  assert len(set(distances.argmin(axis=1))) > 1


def test_shows_each_kind_its_translation_and_the_way_back():
  shown = apply(make(), 'shows', params())['translations']
  there, here = by('generator', S), by('inverse', X)
  expected = [S, there, by('inverse', there), X, here, by('generator', here)]
  np.testing.assert_allclose(shown, expected, rtol=1e-5, atol=1e-6)


def test_what_critics_look_through_adapts_to_logits_above_the_objectives_middle():
  look = Augmentation(lambda x, keys, p: x)
  names = 'critic', 'inverse_critic'
  game = make(objective=least_squares(0.0, 20.0), **{name: Augmented(Pixelwise(True), look) for name in names})
  behind = {name: {'network': params()[name]} for name in names}
  fresh = {'strength': jnp.float32(1.0), 'updates': jnp.int32(0), 'sign': jnp.float32(0.5)}
  variables = {'params': params() | behind, 'memory': dict.fromkeys(names, fresh)}
  _, after = game.apply(
    variables, {'image': IMAGE, 'source': SOURCE}, method='critic_loss', rngs={'params': KEY}, mutable=['memory']
  )
  # No logit comes near 10, halfway between the targets.
  assert [after['memory'][name]['sign'] for name in names] == [-1, -1]
