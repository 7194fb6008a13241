/** The way from holders to an authority in another JVM: as bytes, and over HTTP where nothing else is at hand. */
package io.embedlake.remote.limit.remote;
