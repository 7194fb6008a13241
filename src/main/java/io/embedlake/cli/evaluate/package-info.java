/** How an evaluation is shown: as a page with plots. */
package io.embedlake.cli.evaluate;
