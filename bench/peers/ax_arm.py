import logging

from ax.api.client import Client
from ax.api.configs import RangeParameterConfig


class Ax:
    def __init__(self, space, seed):
        logging.disable(logging.WARNING)
        self.client = Client(random_seed=seed)
        self.client.configure_experiment(
            parameters=[
                RangeParameterConfig(name=name, parameter_type=spec["type"], bounds=tuple(spec["range"]), scaling=spec.get("scale", "linear"))
                for name, spec in space.items()
            ]
        )
        self.client.configure_optimization(objective="-loss")
        self.asked = None

    def suggest(self):
        ((self.asked, values),) = self.client.get_next_trials(max_trials=1).items()
        return values

    def observe(self, values, loss):
        index = self.client.attach_trial(values) if self.asked is None else self.asked
        if loss is None:
            self.client.mark_trial_failed(index)
        else:
            self.client.complete_trial(index, raw_data={"loss": loss})
        self.asked = None
