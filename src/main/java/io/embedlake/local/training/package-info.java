/** Trains small networks on a sample with libtorch: autoencoders and GANs. What they compute later needs no libtorch. */
package io.embedlake.local.training;
