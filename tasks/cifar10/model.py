"""The ResNet-18 family: one body, and four variants that each change one or two things.

- resnet18: two 3x3 convolutions a block, eight blocks in four stages (He et al. 2016, "Deep Residual Learning").
- resnet18d: a stem of three 3x3 convolutions, and shortcuts that average before they project, so that no pixel is
  skipped (He et al. 2019, "Bag of Tricks for Image Classification", the ResNet-D).
- seresnet18: each block reweighs its channels by what it sees in the whole image (Hu et al. 2018,
  "Squeeze-and-Excitation Networks").
- skresnet18: each block's first convolution chooses, channel by channel, between a smaller and a larger receptive field
  (Li et al. 2019, "Selective Kernel Networks").

With `width` 64, `stem: imagenet` and 1,000 classes the numbers of parameters are the usual ones: 11.69, 11.71, 11.78 and
11.96 million.
"""

from torch import nn

from blocks import BasicBlock, SelectiveKernel, SqueezeExcitation, conv_norm
from pooling import POOLINGS, GlobalPool

VARIANTS = ("resnet18", "resnet18d", "seresnet18", "skresnet18")
STEMS = ("cifar", "imagenet")
BLOCKS_PER_STAGE = 2


def build_network(config, classes):
    return ResNet18(
        config["model_name"], config["width"], config["stem"], config["global_pool"], config["dropout_rate"], classes
    )


class ResNet18(nn.Module):
    """`width` is the number of channels of the first stage; each of the three others doubles it."""

    def __init__(self, variant, width, stem, global_pool, dropout_rate, classes):
        super().__init__()
        check_choice("model_name", variant, VARIANTS)
        check_choice("stem", stem, STEMS)
        check_choice("global_pool", global_pool, POOLINGS)
        self.stem = build_stem(width, stem, deep=variant == "resnet18d")
        self.stages = nn.Sequential(*build_blocks(variant, width))
        self.pool = GlobalPool(global_pool)
        self.dropout = nn.Dropout(dropout_rate)
        self.classifier = nn.Linear(8 * width * self.pool.widening, classes)
        initialise(self)

    def forward(self, images):
        features = self.pool(self.stages(self.stem(images)))
        return self.classifier(self.dropout(features))


def build_stem(width, kind, deep):
    """`cifar` keeps every pixel of a 32 x 32 image; `imagenet` leaves 8 x 8, which costs a sixteenth of the time."""
    stride = 1 if kind == "cifar" else 2
    if deep:
        half = width // 2
        layers = [conv_norm(3, half, stride=stride), nn.ReLU(), conv_norm(half, half), nn.ReLU(), conv_norm(half, width)]
    else:
        layers = [conv_norm(3, width, kernel_size=3 if kind == "cifar" else 7, stride=stride)]
    layers.append(nn.ReLU())
    if kind == "imagenet":
        layers.append(nn.MaxPool2d(kernel_size=3, stride=2, padding=1))
    return nn.Sequential(*layers)


def build_blocks(variant, width):
    options = {
        "averaging_shortcut": variant == "resnet18d",
        "attention": SqueezeExcitation if variant == "seresnet18" else nn.Identity,
        "first_convolution": SelectiveKernel if variant == "skresnet18" else conv_norm,
    }
    channels = width
    for stage in range(4):
        for block in range(BLOCKS_PER_STAGE):
            stride = 2 if stage > 0 and block == 0 else 1
            yield BasicBlock(channels, width * 2**stage, stride, **options)
            channels = width * 2**stage


def initialise(network):
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, BasicBlock):
            # Each block starts as its shortcut alone, which makes the first epochs calmer (Goyal et al. 2017).
            nn.init.zeros_(module.second[-1].weight)


def check_choice(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")
