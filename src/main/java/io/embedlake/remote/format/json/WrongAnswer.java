package io.embedlake.remote.format.json;

/** A reply with a status of success and no usable vectors. Its message holds nothing that the server wrote. Immutable. */
public final class WrongAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WrongAnswer(String message) {
        super(message);
    }
}
