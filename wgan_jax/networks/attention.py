"""Self-attention over the pixels of a feature map."""

from collections.abc import Callable

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.networks import layers


class SelfAttention(nn.Module):
  """x [B, H, W, C] -> x + gamma * attention(x), H and W even, gamma starting at 0.

  Queries of C / 8 channels look at keys of as many, both 1x1 convolutions; values have C / 2 and go back to C by
  another. Keys and values are max-pooled 2x2. There are no biases, and no division by the root of the size.

  Zhang et al., "Self-Attention Generative Adversarial Networks", Eq. 1-3, https://arxiv.org/abs/1805.08318; the pooling
  and the bottleneck of the values are those of its code, and BigGAN's.

  conv: a constructor of convolutions, with `train` said.
  """

  conv: Callable = layers.Conv

  @nn.compact
  def __call__(self, x):
    b, h, w, c = x.shape

    def project(features, name, inputs):
      return self.conv(features, (1, 1), use_bias=False, name=name)(inputs)

    queries = project(max(c // 8, 1), 'query', x).reshape(b, h * w, -1)
    keys, values = (
      nn.max_pool(project(max(c // part, 1), name, x), (2, 2), (2, 2)).reshape(b, h * w // 4, -1)
      for part, name in ((8, 'key'), (2, 'value'))
    )
    logits = jnp.einsum('bqc,bkc->bqk', queries, keys, preferred_element_type=layers.full(x).dtype)
    attended = jnp.einsum('bqk,bkc->bqc', jax.nn.softmax(logits).astype(values.dtype), values)
    gamma = self.param('gamma', nn.initializers.zeros, ())
    output = project(c, 'output', attended.reshape(b, h, w, -1))
    # In float32, because gamma's gradient is a sum over everything.
    return (layers.full(x) + gamma * layers.full(output)).astype(x.dtype)
