import numpy as np
import pandas
import torch
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO


class Hebo:
    def __init__(self, space, seed):
        torch.manual_seed(seed)
        kinds = {("float", False): "num", ("float", True): "pow", ("int", False): "int", ("int", True): "pow_int"}
        parameters = [
            {"name": name, "type": kinds[spec["type"], spec.get("scale") == "log"], "lb": spec["range"][0], "ub": spec["range"][1]}
            for name, spec in space.items()
        ]
        self.optimiser = HEBO(DesignSpace().parse(parameters), scramble_seed=seed)

    def suggest(self):
        return self.optimiser.suggest(n_suggestions=1).iloc[0].to_dict()

    def observe(self, values, loss):
        # HEBO leaves out what is not finite: a failed training.
        self.optimiser.observe(pandas.DataFrame([values]), np.array([[np.inf if loss is None else loss]]))
