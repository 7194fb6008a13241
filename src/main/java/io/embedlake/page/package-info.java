/** Pages of HTML that load nothing from anywhere, and their plots. */
package io.embedlake.page;
