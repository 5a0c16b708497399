"""TensorRT engines made from model.onnx: built in a child process, checked against the reference.

Running them is engine.runtimes.tensorrt's. Importing this loads neither TensorRT nor pycuda.
"""

from engine.tensorrt_build.engine_build import BuildCancelledError, EngineBuild, Progress

__all__ = ["BuildCancelledError", "EngineBuild", "Progress"]
