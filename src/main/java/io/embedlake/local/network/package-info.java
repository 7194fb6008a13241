/** Writes a network as a TorchScript program over the tensors of a checkpoint, and runs it in libtorch. */
package io.embedlake.local.network;
