/** Ollama's own API. */
package io.embedlake.remote.format.ollama;
