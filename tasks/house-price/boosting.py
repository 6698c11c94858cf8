"""Gradient-boosted trees under cross-validation, with a curve.

XGBoost: Chen and Guestrin (2016), "XGBoost: A Scalable Tree Boosting System". The folds grow side by side, a tree each in
turn, so that the validation metric over all rows is known while they grow.
"""

import numpy as np
import xgboost

#: What config.yaml and XGBoost have under the same name.
TREE_SETTINGS = (
    "learning_rate",
    "max_depth",
    "min_child_weight",
    "gamma",
    "subsample",
    "colsample_bytree",
    "reg_alpha",
    "reg_lambda",
    "scale_pos_weight",
)
ROUNDS_PER_ROW = 20


def tree_parameters(config, objective):
    chosen = {name: config[name] for name in TREE_SETTINGS if name in config}
    return {**chosen, "objective": objective, "seed": config["seed"], "nthread": config["threads"]}


class Fold:
    """One part to validate by, and the trees that grow on the others."""

    def __init__(self, features, target, learn, validate, parameters):
        self.rows = validate
        self.learned = xgboost.DMatrix(features.iloc[learn], target.iloc[learn])
        self.held_out = xgboost.DMatrix(features.iloc[validate])
        # The booster keeps its predictions on both, so that a row of the log costs no more than the new trees.
        self.trees = xgboost.Booster(parameters, [self.learned, self.held_out])


def cross_validate(features, target, splits, parameters, rounds, measure):
    """Yields a row after every 20 rounds and after the last: train_* (mean over the folds) and val_* (all rows at once, each
    predicted by the trees that have not learned from it). `measure(target, predictions)` returns the metrics by name.
    """
    folds = [Fold(features, target, *split, parameters) for split in splits]
    for finished in range(1, rounds + 1):
        for fold in folds:
            fold.trees.update(fold.learned, finished - 1)
        if finished % ROUNDS_PER_ROW == 0 or finished == rounds:
            train = [measure(fold.learned.get_label(), fold.trees.predict(fold.learned)) for fold in folds]
            val = measure(target, out_of_fold([(fold.rows, fold.trees.predict(fold.held_out)) for fold in folds]))
            yield {
                "round": finished,
                **{f"train_{name}": float(np.mean([each[name] for each in train])) for name in val},
                **{f"val_{name}": value for name, value in val.items()},
            }


def out_of_fold(parts):
    """Predictions in the order of the rows, from (row numbers, predictions) of every fold."""
    predictions = np.empty(sum(len(rows) for rows, _ in parts))
    for rows, predicted in parts:
        predictions[rows] = predicted
    return predictions


def fit_and_predict(features, target, new_features, parameters, rounds):
    """Trees that have learned from all rows, on rows that no fold has seen."""
    trees = xgboost.train(parameters, xgboost.DMatrix(features, target), rounds)
    return trees.predict(xgboost.DMatrix(new_features))
