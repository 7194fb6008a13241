/** The command line: one command a class. */
package io.embedlake.cli;
