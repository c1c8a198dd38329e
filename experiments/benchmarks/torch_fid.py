"""pytorch-fid's network with the weights of ours, for the benchmark of the two. Needs pytorch-fid and torchvision."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytorch_fid.inception
import torch
import torchvision
from flax.traverse_util import flatten_dict
from torch.nn.functional import adaptive_avg_pool2d

EPSILON = 1e-3  # that their batch normalisation adds to variances


def state(weights: Any) -> dict[str, torch.Tensor]:
  """A complete state dict: our tree, with normalisations that add its biases; layers that it lacks are random."""
  torch.manual_seed(0)
  network = torchvision.models.inception_v3(num_classes=1008, aux_logits=False, weights=None, init_weights=False)
  arrays = network.state_dict()
  for key in arrays:
    if key.endswith('running_var'):
      arrays[key] = torch.full_like(arrays[key], 1 - EPSILON)
  for layer, leaf in flatten_dict({k: v for k, v in weights.items() if k != 'fc'}, sep='.').items():
    name, _, kind = layer.rpartition('.')
    leaf = torch.tensor(np.asarray(leaf))
    key = {'kernel': f'{name}.conv.weight', 'bias': f'{name}.bn.bias'}[kind]
    arrays[key] = leaf.permute(3, 2, 0, 1).contiguous() if kind == 'kernel' else leaf
  return arrays


def extractor(weights: Any, layer: int, batch_size: int) -> Callable[[np.ndarray], np.ndarray]:
  """images uint8 [N, H, W, 3] -> features [N, layer], by the steps of pytorch-fid's get_activations."""
  blocks = [pytorch_fid.inception.InceptionV3.BLOCK_INDEX_BY_DIM[layer]]
  # It would fetch the published file, which holds the same when the tree was read from it.
  with mock.patch.object(pytorch_fid.inception, 'load_state_dict_from_url', return_value=state(weights)):
    network = pytorch_fid.inception.InceptionV3(blocks).eval()

  def features(images):
    found = []
    for first in range(0, len(images), batch_size):
      planes = torch.from_numpy(images[first : first + batch_size]).permute(0, 3, 1, 2).contiguous().float() / 255
      with torch.no_grad():
        found.append(adaptive_avg_pool2d(network(planes)[0], output_size=(1, 1))[:, :, 0, 0].numpy())
    return np.concatenate(found)

  return features
