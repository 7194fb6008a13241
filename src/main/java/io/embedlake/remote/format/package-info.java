/** The wire formats of providers' APIs, one class each: from texts to a request and from a reply to vectors or a fault. */
package io.embedlake.remote.format;
