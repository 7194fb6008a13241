/** Inverted files: vectors in cells around centroids, of which a search reads the nearest. */
package io.embedlake.ivf;
