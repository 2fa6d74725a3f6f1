"""Fits a model of your own: python own_model.py FOLDER MODEL.onnx, with a folder of sounds for each label."""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import soundfile
import soxr
from onnx import TensorProto, helper, numpy_helper

from samplemind_sdk import RATE, blocks, mel

FRAMES = 172  # that the model hears at a time: two seconds


def heard(path):
    """The mean log-mel frame of every two seconds of a sound, shape (windows, 96)."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    frames = np.concatenate([mel(block) for block in blocks([soxr.resample(sound, rate, RATE).T])])
    return np.stack([frames[at : at + FRAMES].mean(axis=0) for at in range(0, len(frames), FRAMES)])


def fit(rows, truth, steps=500):
    """Weights, shape (96, labels), and biases of a softmax regression."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    inputs, wanted = (rows - mean) / scale, np.eye(max(truth) + 1)[truth]
    weights, biases = np.zeros((rows.shape[1], wanted.shape[1])), np.zeros(wanted.shape[1])
    for _ in range(steps):
        odds = np.exp(inputs @ weights + biases)
        wrong = odds / odds.sum(axis=1, keepdims=True) - wanted
        weights -= 0.1 * (inputs.T @ wrong / len(rows) + 0.01 * weights)
        biases -= 0.1 * wrong.mean(axis=0)
    weights /= scale[:, None]
    return weights, biases - mean @ weights


def write(path, weights, biases, labels):
    """The model as ONNX, and in its metadata what SampleMind must know of it."""
    constants = {"time": np.array([1]), "weights": np.float32(weights), "biases": np.float32(biases)}
    nodes = [
        helper.make_node("ReduceMean", ["mel", "time"], ["mean"], keepdims=0),
        helper.make_node("Gemm", ["mean", "weights", "biases"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "own",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, [1, FRAMES, 96])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, len(labels)])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    helper.set_model_props(
        model, {"labels": json.dumps(labels), "activation": "softmax", "kinds": "song, loop"}
    )
    onnx.save(model, path)


if __name__ == "__main__":
    folder, target = Path(sys.argv[1]), sys.argv[2]
    labels = sorted(one.name for one in folder.iterdir() if one.is_dir())
    each = [np.concatenate([heard(path) for path in sorted((folder / name).iterdir())]) for name in labels]
    truth = np.repeat(np.arange(len(labels)), [len(rows) for rows in each])
    write(target, *fit(np.concatenate(each), truth), labels)
    print(f"{target}: {', '.join(labels)}, from {len(truth)} windows")
