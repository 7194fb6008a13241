package io.embedlake.remote.format;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A format whose calls carry headers beside its own: who pays ({@code OpenAI-Organization}, {@code OpenAI-Project}, {@code X-HF-Bill-To}),
 * or what a gateway routes by. Immutable; prints no value.
 *
 * @param format the format of the calls
 * @param extra by name; no place for secrets
 */
public record ExtraHeaders(ModelFormat format, Map<String, String> extra) implements ModelFormat {
    private static final Pattern SECRET =
            Pattern.compile("auth|key|token|secret|password|cookie|signature", Pattern.CASE_INSENSITIVE);
    private static final Set<String> OWN = Set.of("content-type", "content-length", "content-encoding", "host");

    public ExtraHeaders {
        Objects.requireNonNull(format);
        extra = Map.copyOf(extra);
        extra.forEach((name, value) -> problem(name, value).ifPresent(problem -> {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot send the header " + name.replaceAll("[^ -~]", "?") + ": it " + problem
                            + " Change the key headers.");
        }));
    }

    /** Why a header cannot be one of these, to be read after its name; its value is not repeated. */
    public static Optional<String> problem(String name, String value) {
        if (!name.matches("[A-Za-z0-9-]{1,64}")) {
            return Optional.of("has another name than headers have (letters, digits, -).");
        }
        if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
            return Optional.of("is set for every call as it needs it (its name stands for what is sent). Remove it.");
        }
        if (SECRET.matcher(name).find()) {
            return Optional.of(
                    "may be a secret by its name (a secret is named, never written). Refer to it with api-key.");
        }
        return value.chars().allMatch(c -> c >= ' ' && c <= '~')
                ? Optional.empty()
                : Optional.of("has characters that no header has (printable ASCII, on one line).");
    }

    @Override
    public Call call(List<String> texts) {
        Call call = format.call(texts);
        Map<String, String> headers = new HashMap<>(call.headers());
        headers.putAll(extra);
        return new Call(call.path(), headers, call.body());
    }

    @Override
    public Reading read(Reply reply, int texts) {
        return format.read(reply, texts);
    }

    @Override
    public Budgets budgets() {
        return format.budgets();
    }

    @Override
    public BodySize bodySize() {
        return format.bodySize();
    }

    @Override
    public Map<String, String> vectorOptions() {
        return format.vectorOptions();
    }

    @Override
    public String toString() {
        return format + " with headers " + extra.keySet();
    }
}
