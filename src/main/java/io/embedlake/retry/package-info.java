/** When and after which waits something that failed is tried again: one rule for requests of every kind. */
package io.embedlake.retry;
