/** Cohere's API, at Cohere's. */
package io.embedlake.provider.wire.cohere;
