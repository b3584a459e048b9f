"""What the exporter's own translations get wrong is put right on the way."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from export.graph.to_onnx import to_graph


class Squeezed(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return 2 * x.squeeze(1).squeeze(-1)


@pytest.mark.parametrize("shape", [(2, 1, 1), (2, 1, 5), (2, 3, 1), (2, 3, 5)])
def test_a_squeeze_leaves_an_axis_of_other_than_one(shape: tuple[int, ...]) -> None:
    free = {"x": {0: torch.export.Dim("batch", min=1, max=8)}}
    graph = to_graph(Squeezed(), {"x": torch.randn(shape)}, ["y"], free)
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    for batch in (1, 3):
        x = torch.randn(batch, *shape[1:])
        (found,) = session.run(None, {"x": x.numpy()})
        wanted = 2 * x.numpy().reshape([batch, *(n for n in shape[1:] if n != 1)])
        np.testing.assert_array_equal(found, wanted)
