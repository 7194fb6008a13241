/** The tensors in a model's files: safetensors, PyTorch's archives, ONNX networks. Reads files; runs nothing that is in them. */
package io.embedlake.local.weights;
