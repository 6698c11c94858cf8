"""The three kinds of bottleneck that ENet is made of. In each, a branch works on a quarter of the channels and is added to a path
that changes as little as it can."""

import torch
from torch import nn
from torch.nn.functional import pad

ACTIVATIONS = ("relu", "prelu")


def activation(kind, channels):
    return nn.PReLU(channels) if kind == "prelu" else nn.ReLU()


def step(convolution, channels, kind):
    """A convolution to so many channels, its normalisation and its activation."""
    return nn.Sequential(convolution, nn.BatchNorm2d(channels), activation(kind, channels))


def expansion(inner, channels, dropout):
    """What ends a branch: back to all channels, some of which are dropped whole."""
    return nn.Sequential(nn.Conv2d(inner, channels, 1, bias=False), nn.BatchNorm2d(channels), nn.Dropout2d(dropout))


class Bottleneck(nn.Module):
    """Keeps size and channels. `width` is a number (a 3 x 3 convolution with that dilation) or "asymmetric" (5 x 1, then 1 x 5)."""

    def __init__(self, channels, width, kind, dropout):
        super().__init__()
        inner = channels // 4
        self.branch = nn.Sequential(
            step(nn.Conv2d(channels, inner, 1, bias=False), inner, kind),
            step(middle(inner, width), inner, kind),
            expansion(inner, channels, dropout),
        )
        self.activation = activation(kind, channels)

    def forward(self, x):
        return self.activation(x + self.branch(x))


def middle(channels, width):
    if width != "asymmetric":
        return nn.Conv2d(channels, channels, 3, padding=width, dilation=width, bias=False)
    return nn.Sequential(
        nn.Conv2d(channels, channels, (5, 1), padding=(2, 0), bias=False),
        nn.Conv2d(channels, channels, (1, 5), padding=(0, 2), bias=False),
    )


class Downsampling(nn.Module):
    """Halves the size. Also returns where the maxima were, which the decoder puts values back to."""

    def __init__(self, channels_in, channels_out, kind, dropout):
        super().__init__()
        inner = channels_out // 4
        self.new_channels = channels_out - channels_in
        self.pool = nn.MaxPool2d(2, return_indices=True)
        self.branch = nn.Sequential(
            step(nn.Conv2d(channels_in, inner, 2, stride=2, bias=False), inner, kind),
            step(nn.Conv2d(inner, inner, 3, padding=1, bias=False), inner, kind),
            expansion(inner, channels_out, dropout),
        )
        self.activation = activation(kind, channels_out)

    def forward(self, x):
        pooled, places = self.pool(x)
        widened = pad(pooled, (0, 0, 0, 0, 0, self.new_channels))
        return self.activation(widened + self.branch(x)), places


class Upsampling(nn.Module):
    """Doubles the size: the path puts its values back to where the maxima were, the branch learns to fill in."""

    def __init__(self, channels_in, channels_out, kind, dropout):
        super().__init__()
        inner = channels_out // 4
        self.path = nn.Sequential(nn.Conv2d(channels_in, channels_out, 1, bias=False), nn.BatchNorm2d(channels_out))
        self.unpool = nn.MaxUnpool2d(2)
        self.branch = nn.Sequential(
            step(nn.Conv2d(channels_in, inner, 1, bias=False), inner, kind),
            step(nn.ConvTranspose2d(inner, inner, 3, stride=2, padding=1, output_padding=1, bias=False), inner, kind),
            expansion(inner, channels_out, dropout),
        )
        self.activation = activation(kind, channels_out)

    def forward(self, x, places):
        return self.activation(self.unpool(self.path(x), places) + self.branch(x))


class Beginning(nn.Module):
    """The first block: 13 convolutions and the 3 colours, at half the size."""

    def __init__(self, kind):
        super().__init__()
        self.convolution = nn.Conv2d(3, 13, 3, stride=2, padding=1, bias=False)
        self.pool = nn.MaxPool2d(2)
        self.rest = nn.Sequential(nn.BatchNorm2d(16), activation(kind, 16))

    def forward(self, images):
        return self.rest(torch.cat([self.convolution(images), self.pool(images)], dim=1))
