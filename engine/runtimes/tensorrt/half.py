"""model.onnx → the graph that an engine is built from, with its precision in its types.

TensorRT 11 knows no precision but the graph's (networks are strongly typed), so fp16 is written
into it. Knows ONNX, no TensorRT.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import AttributeProto, GraphProto, NodeProto, TensorProto, helper, numpy_helper

CONVOLUTIONS = {"Conv", "ConvTranspose"}  # from the first of these on a network is fp16
PICTURE_FIRST = {"BatchNormalization", "Resize"}  # only their first input is a picture


def engine_graph(path: Path, precision: str) -> bytes:
    """An ONNX file as TensorRT gets it; inputs and outputs stay as contracted.

    f32: its fp16 weights unpacked. f16: pictures are normalised in fp32; from the first convolution
    on all is fp16 but the parameters of norms; the heatmaps leave as fp32.
    """
    model = onnx.load(path)
    constants = _unpack(model.graph)
    if precision == "f16":
        _Half(model.graph, constants).write()
    _drop_unused(model.graph)
    return bytes(model.SerializeToString())


def _unpack(graph: GraphProto) -> dict[str, np.ndarray]:
    """Make every constant an initializer, those behind a cast or another name too; by name."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    rest = []
    for node in graph.node:
        if node.op_type == "Constant":
            value = numpy_helper.to_array(node.attribute[0].t)
        elif node.op_type == "Cast" and node.input[0] in constants:
            value = constants[node.input[0]].astype(_cast_to(node))
        elif node.op_type == "Identity" and node.input[0] in constants:
            value = constants[node.input[0]]
        else:
            rest.append(node)
            continue
        constants[node.output[0]] = value
        graph.initializer.append(numpy_helper.from_array(value, node.output[0]))
    _replace_nodes(graph, rest)
    return constants


def _cast_to(node: NodeProto) -> np.dtype:
    to: AttributeProto = node.attribute[0]
    return np.dtype(helper.tensor_dtype_to_np_dtype(to.i))


class _Half:
    """Rewrites a graph, node by node in their order, with a cast wherever a type must change."""

    def __init__(self, graph: GraphProto, constants: dict[str, np.ndarray]) -> None:
        self._graph, self._constants = graph, constants
        self._half: set[str] = set()  # tensors that are fp16 now
        self._cast: set[str] = set()  # tensors that have an fp16 twin
        self._nodes: list[NodeProto] = []

    def write(self) -> None:
        ends = {port.name for port in self._graph.output}
        for node in self._graph.node:
            if node.op_type in CONVOLUTIONS or self._half.intersection(node.input):
                self._halve(node, ends)
            else:
                self._nodes.append(node)
        _replace_nodes(self._graph, self._nodes)

    def _halve(self, node: NodeProto, ends: set[str]) -> None:
        count = 1 if node.op_type in PICTURE_FIRST else len(node.input)
        for i, name in enumerate(node.input[:count]):
            node.input[i] = self._as_half(name)
        self._nodes.append(node)
        for i, name in enumerate(node.output):
            if name in ends:
                node.output[i] = _twin(name)
                self._nodes.append(_cast(_twin(name), name, TensorProto.FLOAT))
        self._half.update(node.output)

    def _as_half(self, name: str) -> str:
        """The fp16 tensor that stands for it; what is no fp32 (an axis, a shape) stays."""
        value = self._constants.get(name)
        if name in self._half or (value is not None and value.dtype != np.float32):
            return name
        if name not in self._cast:
            self._cast.add(name)
            if value is None:
                self._nodes.append(_cast(name, _twin(name), TensorProto.FLOAT16))
            else:
                half = numpy_helper.from_array(value.astype(np.float16), _twin(name))
                self._graph.initializer.append(half)
        return _twin(name)


def _twin(name: str) -> str:
    return f"{name}/f16"


def _cast(name: str, output: str, to: int) -> NodeProto:
    return helper.make_node("Cast", [name], [output], to=to)


def _replace_nodes(graph: GraphProto, nodes: list[NodeProto]) -> None:
    del graph.node[:]
    graph.node.extend(nodes)


def _drop_unused(graph: GraphProto) -> None:
    used = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
