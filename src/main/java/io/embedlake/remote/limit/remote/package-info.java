/** The way from clients to a rate limiter in another JVM: as bytes, and over HTTP where nothing else is at hand. */
package io.embedlake.remote.limit.remote;
