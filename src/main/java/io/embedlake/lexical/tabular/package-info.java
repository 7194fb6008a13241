/** Rows of numbers and categories, which come as JSON: what small networks see of them. */
package io.embedlake.lexical.tabular;
