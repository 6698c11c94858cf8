"""A multi-layer perceptron for trips."""

import torch
from torch import nn


class FareNetwork(nn.Module):
    """`depth` hidden layers of `width` units over the numbers of a trip and a learned place for each zone."""

    def __init__(self, numbers, zones, zone_dimensions, depth, width):
        super().__init__()
        self.pickup = nn.Embedding(zones, zone_dimensions)
        self.dropoff = nn.Embedding(zones, zone_dimensions)
        sizes = [numbers + 2 * zone_dimensions] + [width] * depth
        hidden = [part for pair in zip(sizes, sizes[1:]) for part in (nn.Linear(*pair), nn.ReLU())]
        self.layers = nn.Sequential(*hidden, nn.Linear(width, 1))

    def forward(self, numbers, zones):
        return self.layers(torch.cat([numbers, self.pickup(zones[:, 0]), self.dropoff(zones[:, 1])], dim=1)).squeeze(1)
