/** Hugging Face's servers: text-embeddings-inference, and the router to hosted models. */
package io.embedlake.remote.format.huggingface;
