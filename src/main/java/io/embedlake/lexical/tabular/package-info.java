/** Rows of numbers and categories, read from JSON and encoded as features for small networks. */
package io.embedlake.lexical.tabular;
