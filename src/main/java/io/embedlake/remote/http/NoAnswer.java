package io.embedlake.remote.http;

import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading.Fault;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Classifies calls without an answer: most causes are temporary, an untrusted connection is not. Stateless. */
final class NoAnswer {
    private static final Pattern PROXY =
            Pattern.compile("authenticate with proxy|HTTP_PROXY_AUTH|Unexpected response code for CONNECT: 4\\d\\d");
    private static final Pattern NO_TLS =
            Pattern.compile("Unsupported or unrecognized SSL message|plaintext connection", Pattern.CASE_INSENSITIVE);

    private NoAnswer() {}

    static Fault fault(IOException why) {
        String words = why instanceof UnknownHostException
                ? "no such host, " + why.getMessage()
                : Objects.requireNonNullElseGet(
                        why.getMessage(), () -> why.getClass().getSimpleName());
        return Fault.of(isBarred(why, words) ? Cause.BARRED : Cause.TRANSIENT, ClientErrors.NO_ANSWER + words);
    }

    private static boolean isBarred(IOException why, String words) {
        boolean isUntrusted = why instanceof SSLPeerUnverifiedException
                || Stream.iterate((Throwable) why, Objects::nonNull, Throwable::getCause)
                        .anyMatch(CertificateException.class::isInstance);
        return isUntrusted
                || PROXY.matcher(words).find()
                || why instanceof SSLException && NO_TLS.matcher(words).find();
    }
}
