package io.embedlake.provider.wire;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A format whose calls carry headers beside its own: who pays ({@code OpenAI-Organization}, {@code OpenAI-Project},
 * {@code X-HF-Bill-To}), or what a gateway routes by. Immutable; prints no value.
 *
 * @param format what speaks to the server
 * @param extra by name; no place for secrets
 */
public record ExtraHeaders(ModelFormat format, Map<String, String> extra) implements ModelFormat {
    private static final Set<String> SIGNED = Set.of("authorization", "api-key", "x-api-key", "x-goog-api-key");

    public ExtraHeaders {
        Objects.requireNonNull(format);
        extra = Map.copyOf(extra);
        extra.forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9-]{1,64}") || SIGNED.contains(name.toLowerCase(Locale.ROOT))) {
                throw refused(name, "a name of letters, digits and dashes, and not one of those that hold keys");
            }
            if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
                throw refused(name, "a value of printable ASCII characters on one line");
            }
        });
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

    private static EmbedlakeException refused(String name, String rule) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot send the header " + name.replaceAll("[^ -~]", "?") + " (" + rule
                        + "). Change the key headers.");
    }
}
