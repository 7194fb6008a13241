/** What all wire formats share: a frame for requests, a record for replies, a table for errors. */
package io.embedlake.remote.format.common;
