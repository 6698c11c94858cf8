"""ResNet-9: the small residual network for 32 x 32 images with which CIFAR-10 is learned in minutes.

David Page, "How to Train Your ResNet" (myrtle.ai, 2018), after his entry in the DAWNBench competition: eight convolutions,
four of them in two residual blocks, and a linear layer; 6.57 million parameters at width 64.
"""

from torch import nn

#: The scores are made smaller by this, which keeps the first steps small. As published.
SCORE_SCALE = 0.125


def build_network(config, classes):
    return ResNet9(config["width"], classes)


class ResNet9(nn.Module):
    """`width` is the number of channels of the first convolution; the last ones have eight times as many."""

    def __init__(self, width, classes):
        super().__init__()
        self.body = nn.Sequential(
            conv_block(3, width),
            conv_block(width, 2 * width),
            nn.MaxPool2d(2),
            Residual(2 * width),
            conv_block(2 * width, 4 * width),
            nn.MaxPool2d(2),
            conv_block(4 * width, 8 * width),
            nn.MaxPool2d(2),
            Residual(8 * width),
            nn.AdaptiveMaxPool2d(1),
            nn.Flatten(),
        )
        self.classifier = nn.Linear(8 * width, classes, bias=False)

    def forward(self, images):
        return self.classifier(self.body(images)) * SCORE_SCALE


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.block = nn.Sequential(conv_block(channels, channels), conv_block(channels, channels))

    def forward(self, x):
        return x + self.block(x)


def conv_block(channels_in, channels_out):
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )
