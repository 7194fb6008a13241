/** What servers say about time: how long to wait, and how much may be sent in a while. */
package io.embedlake.remote.format.pace;
