/** Classical platforms: vectors without a neural network. */
package io.embedlake.lexical;
