/** What turns hidden states into vectors: the choice of layers, pooling, and the modules of sentence-transformers behind it. */
package io.embedlake.local.head;
