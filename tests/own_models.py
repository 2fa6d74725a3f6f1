"""Small ONNX models whose answers are known, because they are made here."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

DARK, BRIGHT = "dark", "bright"


def dark_or_bright(path: Path, frames=None, scale=4.0, batch=1, bands=96, **metadata: str) -> Path:
    """A model of log-mel frames that says two numbers: how much lies in the lower bands, and in the upper."""
    split = np.zeros((bands, 2), np.float32)
    split[: bands // 2, 0] = split[bands // 2 :, 1] = scale
    nodes = [
        helper.make_node("ReduceMean", ["mel", "axis"], ["mean"], keepdims=0),
        helper.make_node("MatMul", ["mean", "split"], ["said"]),
    ]
    constants = {"axis": np.array([1]), "split": split}
    return _write(path, nodes, constants, "mel", (batch, frames, bands), 2, metadata)


def as_loud_as(path: Path, samples=None, factor=1.0, power=1.0, **metadata: str) -> Path:
    """A model of samples that says one number: their mean square times a factor, to a power."""
    nodes = [
        helper.make_node("Mul", ["sound", "sound"], ["squares"]),
        helper.make_node("ReduceMean", ["squares", "axis"], ["mean"], keepdims=1),
        helper.make_node("Pow", ["mean", "power"], ["root"]),
        helper.make_node("Mul", ["root", "factor"], ["said"]),
    ]
    constants = {"axis": np.array([1]), "factor": np.float32([factor]), "power": np.float32([power])}
    return _write(path, nodes, constants, "sound", (1, samples), 1, metadata)


def _write(path, nodes, constants, taken, shape, said, metadata):
    graph = helper.make_graph(
        nodes, "made",
        [helper.make_tensor_value_info(taken, TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("said", TensorProto.FLOAT, (None, said))],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    helper.set_model_props(model, metadata)
    onnx.save(model, path)
    return path
