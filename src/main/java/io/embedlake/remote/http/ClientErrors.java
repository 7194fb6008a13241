package io.embedlake.remote.http;

import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.time.Duration;
import java.util.Optional;

/**
 * The error messages of a client that stops. Immutable.
 *
 * @param label of the model
 * @param signer advises on a refused key
 * @param proxy the key, the variable or the property that names the proxy before the endpoint, if there is one
 */
record ClientErrors(String label, Signer signer, Optional<String> proxy) {
    /** What reasons begin with where no answer came. */
    static final String NO_ANSWER = "no answer: ";

    /** A fault that every other call would meet too. */
    EmbedlakeException stopped(Fault fault) {
        return stopped(fault.cause(), fault.reason());
    }

    private EmbedlakeException stopped(Cause cause, String reason) {
        String rule =
                switch (cause) {
                    case AUTHORISATION -> signer.advice(reason);
                    case NOT_FOUND ->
                        "the provider knows no such model or address). Change model, endpoint, location or api-version.";
                    case QUOTA ->
                        "the account's quota is used up). Run it again when there is more: what was embedded is kept.";
                    case RATE ->
                        "the provider took too few requests for too long). Lower the limits, or run it again later.";
                    case MOVED -> "the API is at another address). Set endpoint to it.";
                    case OTHER_LENGTH ->
                        "the model behind the endpoint has changed). Serve the model of before, or set model to the name of"
                                + " the new one: its vectors are kept apart.";
                    case BAD_OPTION -> "the provider refuses an option, whatever is sent). Check the options.";
                    case BARRED ->
                        "a proxy, a firewall or a certificate is in the way). "
                                + check("javax.net.ssl.trustStore of Java") + ".";
                    default ->
                        reason.startsWith(NO_ANSWER)
                                ? "there is no connection"
                                        + proxy.map(source -> " through the proxy of " + source)
                                                .orElse("")
                                        + "). " + check("the network") + ", or run it again later."
                                : "it did not pass with time). Run it again later.";
                };
        return new EmbedlakeException(kind(cause), "Cannot embed with " + label + ": " + reason + " (" + rule);
    }

    /** Where to look when no connection is made: also at what names the proxy, if there is one. */
    private String check(String other) {
        return "Check endpoint" + proxy.map(source -> ", " + source).orElse("") + " and " + other;
    }

    /** When every call fails this way, the job stops instead of refusing texts. */
    private static ErrorKind kind(Cause cause) {
        return switch (cause) {
            case OTHER_LENGTH -> ErrorKind.CONFIGURATION;
            case WRONG_ANSWER -> ErrorKind.TRANSIENT;
            default -> cause.kind();
        };
    }

    /**
     * The provider refuses a harmless text.
     *
     * @param inList whether it was sent in a list
     */
    EmbedlakeException refusesAnything(Fault fault, boolean inList) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot embed with " + label + ": " + fault.reason()
                        + " (the provider refuses an option, whatever is sent). Check the options"
                        + (inList
                                ? "; for a server that takes one text a call and no list, use the platform http with"
                                        + " {text} in request."
                                : "."));
    }

    /** No answer ever matched the API. */
    EmbedlakeException isAnotherServer(Fault fault) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot embed with " + label + ": " + fault.reason()
                        + " (the first answers are none of the API). Check endpoint, model and dimensions.");
    }

    EmbedlakeException asksTooMuch(Fault fault, Duration most) {
        return new EmbedlakeException(
                ErrorKind.EXHAUSTED,
                "Cannot embed with " + label + ": the provider asks to wait "
                        + fault.delay().orElse(Duration.ZERO).toSeconds() + " s (at most " + most.toSeconds()
                        + " s are waited; " + fault.reason() + "). Run it again later; what was stored is kept.");
    }

    EmbedlakeException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new EmbedlakeException(
                ErrorKind.TRANSIENT,
                "Cannot go on embedding with " + label + ": the thread was interrupted. Run it again.",
                cause);
    }
}
