/**
 * The library's entry point and stable API: {@link io.embedlake.Embedlake} runs jobs, embeds data sets and searches; {@link
 * io.embedlake.Model}, {@link io.embedlake.Reduction}, {@link io.embedlake.Limits} and {@link io.embedlake.JobBuilder} cover everything
 * that a job file can express.
 *
 * <p>Stable are the public types of this package and types elsewhere that are marked {@link io.embedlake.annotation.Stable}: values such as
 * plans, reports and errors. They change with minor versions at most, as described in the change log. Everything else, public
 * or not, is internal and may change at any time. Command line, notebooks and SQL are thin layers over this package.
 *
 * <p>Failures are {@link io.embedlake.spi.EmbedlakeException}s whose kind tells how to react and whose message tells what is wrong;
 * neither holds a secret or a text of the user's. Nothing here is null.
 */
package io.embedlake;
