import tempfile

from ConfigSpace import Configuration, ConfigurationSpace, Float, Integer
from smac import Scenario
from smac.runhistory import StatusType, TrialInfo, TrialValue


class Smac:
    """A facade as it comes, asked and told; its initial design is a quarter of the trials."""

    def __init__(self, facade, space, seed, trials):
        self.space = ConfigurationSpace(seed=seed)
        self.space.add([_parameter(name, spec) for name, spec in space.items()])
        # Every facade writes its state; nobody reads it here.
        self.folder = tempfile.TemporaryDirectory(prefix="smac-")
        scenario = Scenario(self.space, deterministic=True, n_trials=trials, seed=seed, output_directory=self.folder.name)
        intensifier = facade.get_intensifier(scenario, max_config_calls=1)
        self.smac = facade(scenario, lambda config, seed=0: 0.0, intensifier=intensifier, overwrite=True, logging_level=False)
        self.asked = None
        self.worst = 1.0

    def suggest(self):
        self.asked = self.smac.ask()
        return dict(self.asked.config)

    def observe(self, values, loss):
        info = self.asked or TrialInfo(Configuration(self.space, values=values), seed=0)
        self.worst = self.worst if loss is None else max(self.worst, loss)
        # With its default, an infinite cost, SMAC's own models break down.
        failed = TrialValue(cost=self.worst, status=StatusType.CRASHED)
        self.smac.tell(info, failed if loss is None else TrialValue(cost=loss))
        self.asked = None


def _parameter(name, spec):
    kind = Integer if spec["type"] == "int" else Float
    return kind(name, tuple(spec["range"]), default=spec["default"], log=spec.get("scale") == "log")
