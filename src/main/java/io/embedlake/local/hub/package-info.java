/** Models of the Hugging Face hub: finding, downloading and keeping them, in the cache that Python's huggingface_hub shares. */
package io.embedlake.local.hub;
