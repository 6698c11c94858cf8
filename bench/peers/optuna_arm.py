import optuna
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.trial import TrialState


class Optuna:
    def __init__(self, space, sampler):
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.space = {name: _distribution(spec) for name, spec in space.items()}
        self.study = optuna.create_study(sampler=sampler)
        self.asked = None

    def suggest(self):
        self.asked = self.study.ask(self.space)
        return self.asked.params

    def observe(self, values, loss):
        if self.asked is None:
            # The default, which Optuna did not ask for itself.
            self.study.enqueue_trial(values)
            self.suggest()
        self.study.tell(self.asked, loss, state=TrialState.FAIL if loss is None else TrialState.COMPLETE)
        self.asked = None


def _distribution(spec):
    low, high = spec["range"]
    is_log = spec.get("scale") == "log"
    return IntDistribution(low, high, log=is_log) if spec["type"] == "int" else FloatDistribution(low, high, log=is_log)
