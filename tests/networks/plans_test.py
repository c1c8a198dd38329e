import pytest

from wgan_jax.networks import plans
from wgan_jax.networks.plans import plan_for


@pytest.mark.parametrize('table', [plans.SNGAN, plans.BIGGAN])
def test_a_generator_ends_and_a_critic_begins_at_the_size_of_the_images(table):
  for size, plan in table.items():
    first, last = size / 2**plan.doublings, size / 2**plan.halvings
    # The papers' first maps are 4x4 or, for 48 pixels, 6x6; critics end at 8x8 or below.
    assert first == (6 if size == 48 else 4) and last in (2, 3, 4, 8)
    assert plan.halvings <= len(plan.critic)


@pytest.mark.parametrize('shape, size', [((8, 8, 1), 32), ((32, 32, 3), 32), ((33, 20, 3), 48), ((96, 128, 3), 128)])
def test_the_plan_is_that_of_the_next_larger_size(shape, size):
  assert plan_for(plans.SNGAN, shape) is plans.SNGAN[size]


def test_no_plan_is_for_larger_images_than_its_largest():
  with pytest.raises(ValueError, match='at most 128 pixels a side, not 129x8'):
    plan_for(plans.SNGAN, (129, 8, 3))
