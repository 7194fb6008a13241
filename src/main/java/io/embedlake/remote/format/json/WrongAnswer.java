package io.embedlake.remote.format.json;

/** A reply that claims success and holds no usable vectors. Its message holds nothing that the server wrote. Immutable. */
public final class WrongAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WrongAnswer(String message) {
        super(message);
    }
}
