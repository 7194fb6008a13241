/** JSON of requests and replies: bodies written to the byte, vectors read with every value checked. */
package io.embedlake.remote.format.json;
