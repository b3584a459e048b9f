"""Suppression of bleed: what a separator leaves of other sounds in a slot is filled in.

A separator leaves a little of one sound in another's slot: a bird's song some 15 dB down in the
rain's. In the few bands in which the bird sings it is as plain as the rain, whose power lies in all
of them. Where a slot holds next to nothing of the mixture's power, what it holds is such a rest and
tells nothing of the slot's own sound. Where that is steady, the band's usual level in this slot
takes its place, as missing features are filled in where speech is recognised in noise (Cooke et al.
2001). It is done in the exported graph alone: an encoder taught by slots so filled in heard worse.
"""

from __future__ import annotations

import torch
from torch import Tensor

OWN_DB, REST_DB = 8.0, 12.0
"""Down to so far under the mixture, a moment of a band is the slot's own; from so far on, a rest of
other sounds. Between the two it is partly both, so that nothing hangs by a rounding error."""
KNOWN, UNKNOWN = 0.2, 0.1
"""Share of a band's moments that are the slot's own from which it is filled in, and under which it
is left as it is: too little is known of it."""
STEADY_DB, RESTLESS_DB = 3.0, 5.0
"""Spread over time of the slot's own level in a band up to which it goes on behind the other sound,
as rain and engines do, and from which nobody can say what it does there."""


def suppress_bleed(levels: Tensor, mixture: Tensor) -> Tensor:
    """(b, frames, bands) log10 power of slots, and of the mixture that each is a part of -> the
    slots' with rests of other sounds in steady bands filled in. Silence for a mixture changes
    nothing."""
    own = ((REST_DB - 10 * (mixture - levels)) / (REST_DB - OWN_DB)).clamp(0, 1)
    known = own.mean(1, keepdim=True)
    share = known.clamp(min=1e-3)
    usual = (levels * own).mean(1, keepdim=True) / share
    spread = torch.sqrt(((levels - usual) ** 2 * own).mean(1, keepdim=True) / share + 1e-6)
    steady = ((RESTLESS_DB - 10 * spread) / (RESTLESS_DB - STEADY_DB)).clamp(0, 1)
    certain = ((known - UNKNOWN) / (KNOWN - UNKNOWN)).clamp(0, 1)
    return levels + (1 - own) * steady * certain * (usual - levels)
