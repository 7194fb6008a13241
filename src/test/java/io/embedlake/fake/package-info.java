/** Servers on the loopback that behave like the providers of embeddings, for tests and for trying jobs without a key. */
package io.embedlake.fake;
