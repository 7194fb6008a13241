/** Cohere's API. */
package io.embedlake.remote.format.cohere;
