/** What {@code embedlake doctor} looks at: an installation, and a job's tables and models. */
package io.embedlake.cli.doctor;
