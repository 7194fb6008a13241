/** The connection of clients to a rate limiter in another JVM: as bytes, and over HTTP where no other channel is available. */
package io.embedlake.remote.limit.remote;
