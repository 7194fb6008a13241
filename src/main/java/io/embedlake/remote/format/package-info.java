/** How the APIs of providers are spoken to: one class a wire format, from texts to a request and from a reply to vectors or a fault. */
package io.embedlake.remote.format;
