package io.embedlake.fake.http;

/** Ends the handling of a request with a response that is no success. Immutable. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Response response;

    public Refusal(Response response) {
        super("status " + response.status(), null, false, false);
        this.response = response;
    }

    /** What is sent. */
    public Response response() {
        return response;
    }
}
