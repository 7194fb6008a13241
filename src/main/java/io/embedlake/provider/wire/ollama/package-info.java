/** Ollama's own API. */
package io.embedlake.provider.wire.ollama;
