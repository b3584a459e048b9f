"""What a loss must know of the other processes: N of them train as one with N times the batch.

Every process has as many samples as any other; the first process's stand first. Gradients through
these calls are exact once they are averaged over the processes, as DistributedDataParallel does.
"""

from __future__ import annotations

import torch
from torch import Tensor, distributed, nn
from torch.distributed.nn import functional


def ranks() -> int:
    """How many processes train together."""
    live = distributed.is_available() and distributed.is_initialized()
    return distributed.get_world_size() if live else 1


def rank() -> int:
    """Which of them this is, from 0."""
    return distributed.get_rank() if ranks() > 1 else 0


def gather(rows: Tensor) -> Tensor:
    """(b, ...) of each process -> (all, ...) of all of them, the same everywhere."""
    if ranks() == 1:
        return rows
    return torch.cat(functional.all_gather(rows.contiguous()))


def own_rows(rows: Tensor) -> Tensor:
    """(all, ...) -> the rows of this process."""
    own = len(rows) // ranks()
    return rows[rank() * own : (rank() + 1) * own]


class SharedBatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation by the batch of all processes; torch's own needs a GPU for that."""

    def forward(self, input: Tensor) -> Tensor:
        """(b, c, h, w) -> the same, as one process would do it."""
        if ranks() == 1 or not self.training:
            return super().forward(input)
        wide = input.float()
        mean = functional.all_reduce(wide.mean((0, 2, 3))) / ranks()
        centred = wide - mean[:, None, None]
        variance = functional.all_reduce((centred**2).mean((0, 2, 3))) / ranks()
        with torch.no_grad():
            assert self.running_mean is not None
            assert self.running_var is not None
            assert self.num_batches_tracked is not None
            assert self.momentum is not None
            count = ranks() * input.numel() // input.shape[1]
            self.num_batches_tracked += 1
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * (count / max(count - 1, 1)), self.momentum)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return (centred * scale[:, None, None] + self.bias[:, None, None]).to(input.dtype)
