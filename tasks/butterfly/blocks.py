"""What the networks are made of: the basic block, and the two kinds of attention that a block can have."""

import torch
from torch import nn


def conv_norm(channels_in, channels_out, kernel_size=3, stride=1, dilation=1):
    """A convolution that keeps the image's size (divided by the stride), and its batch normalisation."""
    padding = dilation * (kernel_size - 1) // 2
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel_size, stride, padding, dilation, bias=False),
        nn.BatchNorm2d(channels_out),
    )


class BasicBlock(nn.Module):
    """Two convolutions, an attention over the channels or none, and a shortcut past them all."""

    def __init__(self, channels_in, channels_out, stride, averaging_shortcut, attention, first_convolution):
        super().__init__()
        self.first = first_convolution(channels_in, channels_out, stride=stride)
        self.second = conv_norm(channels_out, channels_out)
        self.attention = attention(channels_out)
        self.shortcut = build_shortcut(channels_in, channels_out, stride, averaging_shortcut)

    def forward(self, x):
        residual = self.attention(self.second(torch.relu(self.first(x))))
        return torch.relu(residual + self.shortcut(x))


def build_shortcut(channels_in, channels_out, stride, averaging):
    if stride == 1 and channels_in == channels_out:
        return nn.Identity()
    if not averaging:
        return conv_norm(channels_in, channels_out, kernel_size=1, stride=stride)
    pool = nn.AvgPool2d(2, stride, ceil_mode=True, count_include_pad=False)
    return nn.Sequential(pool, conv_norm(channels_in, channels_out, kernel_size=1))


class SqueezeExcitation(nn.Module):
    """Multiplies each channel by a number between 0 and 1, worked out from the means of all channels."""

    def __init__(self, channels):
        super().__init__()
        bottleneck = max(channels // 16, 4)
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, bottleneck, 1),
            nn.ReLU(),
            nn.Conv2d(bottleneck, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return x * self.gate(x)


class SelectiveKernel(nn.Module):
    """A 3x3 and a dilated 3x3 convolution (which spans 5x5), each on half of the channels; a softmax mixes the two.

    The split into halves keeps the block about as large as a plain one.
    """

    def __init__(self, channels_in, channels_out, stride):
        super().__init__()
        self.paths = nn.ModuleList(
            conv_norm(channels_in // 2, channels_out, stride=stride, dilation=dilation) for dilation in (1, 2)
        )
        bottleneck = max(channels_out // 8, 16)
        self.select = nn.Sequential(
            nn.Conv2d(channels_out, bottleneck, 1, bias=False),
            nn.BatchNorm2d(bottleneck),
            nn.ReLU(),
            nn.Conv2d(bottleneck, 2 * channels_out, 1, bias=False),
        )

    def forward(self, x):
        near, far = (torch.relu(path(half)) for path, half in zip(self.paths, x.chunk(2, dim=1)))
        means = (near + far).mean(dim=(2, 3), keepdim=True)
        near_weight, far_weight = self.select(means).unflatten(1, (2, -1)).softmax(dim=1).unbind(dim=1)
        return near * near_weight + far * far_weight
