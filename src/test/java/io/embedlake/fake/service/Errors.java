package io.embedlake.fake.service;

import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;

/** A provider's words for what every provider refuses. Implementations are immutable. */
public interface Errors {
    /** There is no key. */
    Response noKey();

    /** The key is unknown. */
    Response wrongKey();

    /** The key was good until a moment ago. */
    default Response expired() {
        return wrongKey();
    }

    /** There is no such path. */
    Response notFound(Request request);

    /** The body is no JSON, or no object. */
    Response unreadable();

    /** Too fast. */
    Response throttled(Throttled why);

    /** More at once than the server works on. */
    default Response busy() {
        return failure(503);
    }

    /** The account's money or quota is used up. */
    Response quota();

    /** A failure of the server's own: 500 and above. */
    Response failure(int status);

    /** The model is being loaded. */
    default Response loading() {
        return failure(503);
    }

    /** The body has more bytes than the server takes. */
    default Response tooBig(long bytes, long cap) {
        return Response.page(413, "Request Entity Too Large");
    }
}
