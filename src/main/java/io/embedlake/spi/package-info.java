/** The vocabulary of embedding: what turns texts into vectors, what comes out, and what can go wrong. No dependencies. */
package io.embedlake.spi;
