/**
 * The library's door, and its stable API: {@link io.embedlake.Embedlake} runs jobs, embeds data sets and searches; {@link
 * io.embedlake.Model}, {@link io.embedlake.Reduction}, {@link io.embedlake.Limits} and {@link io.embedlake.JobBuilder} say everything that a
 * job file can say.
 *
 * <p>Stable are the public types of this package and those elsewhere that are marked {@link io.embedlake.annotation.Stable}: values such as
 * plans, reports and errors. They change with a new minor version at most, and a line in the change log says how. Everything else, public
 * or not, is internal and may change at any time. Command line, notebooks and SQL are skins over this package.
 *
 * <p>Failures are {@link io.embedlake.spi.EmbedlakeException}s with a kind that says what to do and a sentence that says what is wrong;
 * neither holds a secret or a text of the user's. Nothing here is null.
 */
package io.embedlake;
