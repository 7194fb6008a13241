package io.embedlake.cli.doctor;

/** Looks at one thing that an installation needs. What it throws counts as a failure. */
@FunctionalInterface
interface Check {
    Finding look() throws Exception;
}
