/**
 * The job file: what a job asks for, read, checked and completed once, with every problem reported together.
 *
 * <p>{@link io.embedlake.config.JobFile} reads a file into a {@link io.embedlake.config.JobSpec}; the public types are that
 * value and its parts. All keys are declared once, in {@code Keys}, and everything else follows from there: validation,
 * defaults, the reference file, the JSON schema and the key table. The package is larger than most because each part of a
 * job is its own record, and because the declaration has several readers that do one thing each.
 */
package io.embedlake.config;
