"""Global pooling: how the last feature maps (images x channels x height x width) become one vector an image."""

import torch
from torch import nn

POOLINGS = ("avg", "max", "avgmax", "catavgmax")


class GlobalPool(nn.Module):
    """avg: each channel's mean; max: its largest value; avgmax: the mean of those two; catavgmax: both, side by side."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        #: How many times longer than the number of channels the vectors are.
        self.widening = 2 if kind == "catavgmax" else 1

    def forward(self, maps):
        if self.kind == "avg":
            return maps.mean(dim=(2, 3))
        if self.kind == "max":
            return maps.amax(dim=(2, 3))
        mean, largest = maps.mean(dim=(2, 3)), maps.amax(dim=(2, 3))
        return (mean + largest) / 2 if self.kind == "avgmax" else torch.cat([mean, largest], dim=1)
