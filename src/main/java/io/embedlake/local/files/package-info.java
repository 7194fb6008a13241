/** Model files: finding, verifying and reading them. */
package io.embedlake.local.files;
