/** Measures the engine, alone and beside comparators. */
package io.embedlake.cli.bench;
