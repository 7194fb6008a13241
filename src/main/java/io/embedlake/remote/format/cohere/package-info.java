/** Cohere's API, at Cohere's. */
package io.embedlake.remote.format.cohere;
