"""A variational graph autoencoder (Kipf and Welling 2016, "Variational Graph Auto-Encoders"): graph convolutions give each
node a place, and the nearer two places point the same way, the likelier is a link."""

from torch import nn
from torch.nn.functional import dropout, elu, relu, silu
from torch_geometric.nn import VGAE, GCNConv

from sparse_rows import drop_entries

ACTIVATIONS = {"relu": relu, "elu": elu, "silu": silu}


def build_network(features, config):
    check_choice("activation", config["activation"], ACTIVATIONS)
    return VGAE(
        Encoder(
            [features, *[config["hidden_channels"]] * (config["num_layers"] - 1)],
            config["out_channels"],
            ACTIVATIONS[config["activation"]],
            config["dropout"],
        )
    )


class Encoder(nn.Module):
    """Convolutions through the `sizes`, and a last one each for the mean and for the spread of a node's place."""

    def __init__(self, sizes, out_channels, activation, dropout):
        super().__init__()
        # The graph never changes, so that its normalisation is worked out once.
        self.hidden = nn.ModuleList(GCNConv(size_in, size_out, cached=True) for size_in, size_out in zip(sizes, sizes[1:]))
        self.mean = GCNConv(sizes[-1], out_channels, cached=True)
        self.log_spread = GCNConv(sizes[-1], out_channels, cached=True)
        self.activation, self.dropout = activation, dropout

    def forward(self, features, adjacency):
        """Features and adjacency are sparse rows (CSR)."""
        x = drop_entries(features, self.dropout, self.training)
        for layer in self.hidden:
            x = dropout(self.activation(layer(x, adjacency)), self.dropout, self.training)
        return self.mean(x, adjacency), self.log_spread(x, adjacency)


def check_choice(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")
