/** Time in replies: how long to wait, and the rate limits. */
package io.embedlake.remote.format.pace;
