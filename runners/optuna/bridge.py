"""Asks Optuna for the next point of a study that agenthpo holds: JSON lines on stdin and stdout.

First line in: {"sampler", "seed", "parameters": [...], "trials": [{"point", "loss"}, ...], "pending": [point, ...]}.
Each line out: {"point", "how"}, or {"error"}. Each further line in asks for another point; the end of stdin ends it all.

Nothing is kept between two runs: the Optuna study is built anew from what is sent. A point maps the names of the active
parameters to numbers; choices are known by their index.
"""

import json
import math
import os
import queue
import sys
import threading
import warnings

# As Optuna itself sets them; named here because the answers say so.
START_UP_TRIALS = {"tpe": 10, "gp": 10, "cmaes": 1}


def main():
    answers = own_stdout()
    lines = lines_of_stdin()
    try:
        study, conversation = open_study(json.loads(lines.get()))
        while True:
            point, how = conversation.ask(study)
            say(answers, {"point": point, "how": how})
            lines.get()
    except Exception as error:
        say(answers, {"error": f"{type(error).__name__}: {error}"})
        sys.exit(1)


def own_stdout():
    """The real stdout; what packages print goes to stderr from here on."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def lines_of_stdin():
    """Read beside the work, so that this process ends with the one that started it, whatever it is busy with."""
    lines = queue.Queue()

    def read():
        for line in sys.stdin:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return lines


def say(answers, message):
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def open_study(request):
    import optuna

    warnings.simplefilter("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = make_sampler(optuna, request["sampler"], request["seed"])
    study = optuna.create_study(sampler=sampler, direction="minimize")
    conversation = Conversation(request["sampler"], sampler, request["parameters"], optuna)
    # CMA-ES keeps its state in the trials that it was asked for, so those are asked for again, in their order.
    tell = conversation.replay if request["sampler"] == "cmaes" else conversation.add
    for trial in request["trials"]:
        tell(study, trial["point"], "FAIL" if trial["loss"] is None else "COMPLETE", trial["loss"])
    for point in request["pending"]:
        tell(study, point, "RUNNING", None)
    return study, conversation


def make_sampler(optuna, name, seed):
    if name == "tpe":
        return optuna.samplers.TPESampler(seed=seed, n_startup_trials=START_UP_TRIALS[name], constant_liar=True)
    if name == "gp":
        return optuna.samplers.GPSampler(seed=seed, n_startup_trials=START_UP_TRIALS[name])
    return optuna.samplers.CmaEsSampler(
        seed=seed, n_startup_trials=START_UP_TRIALS[name], warn_independent_sampling=False
    )


class Conversation:
    def __init__(self, name, sampler, parameters, optuna):
        self.name = name
        self.parameters = parameters
        self.optuna = optuna
        self.title = f"{type(sampler).__name__} of Optuna {optuna.__version__}"

    def ask(self, study):
        """A point that nobody has checked yet; it counts as under way from here on."""
        told = sum(trial.state.name == "COMPLETE" for trial in study.trials)
        trial = study.ask()
        modelled = set(trial.relative_params)
        point = {}
        for parameter in self.parameters:
            if is_active(parameter, point):
                point[parameter["name"]] = suggest(trial, parameter)
        return point, self.explain(told, modelled, point)

    def explain(self, told, modelled, point):
        start_up = START_UP_TRIALS[self.name]
        if told < start_up:
            return f"{self.title}, at random until {start_up} trials have a value"
        drawn = [name for name in point if name not in modelled]
        if self.name != "cmaes" or not drawn:
            return self.title
        return f"{self.title}, which draws at random what CMA-ES cannot model: {', '.join(drawn)}"

    def add(self, study, point, state, loss):
        distributions = {each["name"]: self.distribution(each) for each in self.parameters if each["name"] in point}
        trial = self.optuna.trial.create_trial(
            state=self.state(state), value=loss, params=point, distributions=distributions
        )
        study.add_trial(trial)

    def replay(self, study, point, state, loss):
        study.enqueue_trial(point)
        trial = study.ask()
        trial.relative_params  # Read for what it does: the sampler notes which generation the trial belongs to.
        for parameter in self.parameters:
            if parameter["name"] in point:
                suggest(trial, parameter)
        if state != "RUNNING":
            study.tell(trial, loss, state=self.state(state))

    def state(self, name):
        return self.optuna.trial.TrialState[name]

    def distribution(self, parameter):
        distributions = self.optuna.distributions
        if parameter["kind"] == "choice":
            return distributions.CategoricalDistribution(range(parameter["count"]))
        kind = distributions.FloatDistribution if parameter["kind"] == "float" else distributions.IntDistribution
        return kind(parameter["low"], parameter["high"], **scale_of(parameter))


def is_active(parameter, point):
    """A parameter that is not active itself is not in the point, and so switches off those that depend on it."""
    return all(
        name in point and any(math.isclose(point[name], value, rel_tol=1e-9) for value in accepted)
        for name, accepted in parameter["when"].items()
    )


def suggest(trial, parameter):
    name = parameter["name"]
    if parameter["kind"] == "choice":
        return trial.suggest_categorical(name, range(parameter["count"]))
    ask = trial.suggest_float if parameter["kind"] == "float" else trial.suggest_int
    return ask(name, parameter["low"], parameter["high"], **scale_of(parameter))


def scale_of(parameter):
    """Optuna takes a step or a logarithmic scale, not both; a whole number always has a step."""
    if parameter["log"]:
        return {"log": True}
    return {} if parameter["step"] is None else {"step": parameter["step"]}


if __name__ == "__main__":
    main()
