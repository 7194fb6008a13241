/** Texts before they reach a platform: templates, normalising, hashing, batching by length. */
package io.embedlake.text;
