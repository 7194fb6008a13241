/** Embedders over clients of providers: one vector a text, or one for each of its tokens. */
package io.embedlake.remote.platform.stream;
