/** Checkpoints as networks: tokens, pooling, sessions and devices. Every import of {@code ai.djl} lives here. */
package io.embedlake.local;
