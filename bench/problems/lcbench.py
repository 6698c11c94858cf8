"""YAHPO Gym's surrogate of LCBench: validation error of funnel-shaped networks after all 52 epochs."""
import functools
import json

import numpy as np
import onnxruntime

from .catalogue import data_folder

EPOCHS = 52
INPUTS = ["batch_size", "learning_rate", "momentum", "weight_decay", "num_layers", "max_units", "max_dropout"]
# The column of the surrogate's answer: validation accuracy in percent.
ACCURACY = 1


def create(instance, space):
    session, encoding = _surrogate()
    task = np.array([[encoding[instance]]], dtype=np.int32)

    def loss_of(values, seed):
        continuous = np.array([[EPOCHS, *(values[name] for name in INPUTS)]], dtype=np.float32)
        (output,) = session.run(["output"], {"x_cat": task, "x_cont": continuous})
        return 1 - float(output[0, ACCURACY]) / 100

    return loss_of


@functools.cache
def _surrogate():
    folder = data_folder("yahpo-lcbench")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    return session, json.loads((folder / "encoding.json").read_text())["OpenML_task_id"]
