"""Every arm by its name: a function of (space, seed, trials) that answers (optimiser, its version, whether it is given the default first).

An optimiser has `suggest()`, a configuration to try, and `observe(values, loss)`, which is also how it learns of the default;
the loss is None for a training that failed. Libraries are imported when their arm is run: each may have an environment of its own.
"""
from importlib.metadata import version


def random(space, seed, trials):
    from .random_search import RandomSearch

    return RandomSearch(space, seed), "1", False


def default_random(space, seed, trials):
    from .random_search import RandomSearch

    return RandomSearch(space, seed), "1", True


def optuna_tpe(space, seed, trials, **options):
    import optuna

    return _optuna(space, optuna.samplers.TPESampler(seed=seed, **options))


def optuna_gp(space, seed, trials, **options):
    import optuna

    return _optuna(space, optuna.samplers.GPSampler(seed=seed, **options))


def optuna_tpe_2(space, seed, trials):
    return optuna_tpe(space, seed, trials, n_startup_trials=2)


def optuna_gp_2(space, seed, trials):
    return optuna_gp(space, seed, trials, n_startup_trials=2)


def optuna_auto(space, seed, trials):
    import optunahub

    return _optuna(space, optunahub.load_module("samplers/auto_sampler").AutoSampler(seed=seed))


def smac_rf(space, seed, trials):
    from smac import HyperparameterOptimizationFacade

    return _smac(HyperparameterOptimizationFacade, space, seed, trials)


def smac_gp(space, seed, trials):
    from smac import BlackBoxFacade

    return _smac(BlackBoxFacade, space, seed, trials)


def hebo(space, seed, trials):
    from .hebo_arm import Hebo

    return Hebo(space, seed), f"HEBO {version('HEBO')}", True


def ax(space, seed, trials):
    from .ax_arm import Ax

    return Ax(space, seed), f"ax-platform {version('ax-platform')}", True


def _optuna(space, sampler):
    from .optuna_arm import Optuna

    return Optuna(space, sampler), f"optuna {version('optuna')}", True


def _smac(facade, space, seed, trials):
    from .smac_arm import Smac

    return Smac(facade, space, seed, trials), f"smac {version('smac')}", True


ARMS = {
    "random": random,
    "default+random": default_random,
    "optuna-tpe": optuna_tpe,
    "optuna-tpe-2": optuna_tpe_2,
    "optuna-gp": optuna_gp,
    "optuna-gp-2": optuna_gp_2,
    "optuna-auto": optuna_auto,
    "smac-rf": smac_rf,
    "smac-gp": smac_gp,
    "hebo": hebo,
    "ax": ax,
}
