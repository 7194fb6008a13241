package io.embedlake.remote.platform;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.format.json.JsonTemplate;
import io.embedlake.spi.InputKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The description of an API's call: path, body, options, answer, errors, and how large calls may be. Built in one chain that begins with
 * {@link #post}, and not changed afterwards.
 *
 * <p>Path and body are templates: <code>"{model}"</code> and the key of each {@link Parameter} in braces are replaced by their values. In
 * the body, a field whose parameter has no value is left out; the order of the fields is that of the template.
 */
public final class Wire {
    private static final String MODEL = "model";
    private static final Pattern PLACE = Pattern.compile("\\{([a-z-]+)}");

    private final Function<ApiOptions, String> path;
    private final JsonTemplate body;
    private final Function<byte[], ? extends Success> answer;
    private String api = "";
    private final Map<String, String> fingerprinted = new TreeMap<>();
    private final Map<String, Function<ApiOptions, String>> computed = new TreeMap<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private ErrorClassifier faults = ErrorClassifier.with();
    private Function<ApiOptions, Budgets> budgets = options -> {
        throw new IllegalStateException("a wire needs budgets");
    };

    private Wire(Function<ApiOptions, String> path, JsonTemplate body, Function<byte[], ? extends Success> answer) {
        this.path = path;
        this.body = body;
        this.answer = answer;
    }

    /**
     * A call that posts JSON and gets JSON.
     *
     * @param path what follows the base URL; values are percent-encoded
     * @param body as in {@link JsonTemplate}
     * @param answer the record that Jackson reads from a successful reply
     */
    public static Wire post(String path, String body, Class<? extends Success> answer) {
        return post(options -> path, body, answer);
    }

    /** A call to the base URL itself. */
    public static Wire post(JsonTemplate body, Function<byte[], ? extends Success> answer) {
        return new Wire(options -> "", body, answer);
    }

    /** A call whose path depends on the options. */
    public static Wire post(Function<ApiOptions, String> path, String body, Class<? extends Success> answer) {
        return new Wire(path, JsonTemplate.of(body), JsonFormat.reading(answer));
    }

    /** With another name of the API in the fingerprint than that of the platform. */
    public Wire api(String name) {
        api = name;
        return this;
    }

    /** With one more entry in the fingerprint. */
    public Wire inFingerprint(String name, String value) {
        fingerprinted.put(name, value);
        return this;
    }

    /** With a placeholder in the path or the body that is no option. */
    public Wire sending(String name, Function<ApiOptions, String> value) {
        computed.put(name, value);
        return this;
    }

    /** With these options: checked, put into the body and the path where these have a placeholder, and into the fingerprint. */
    public Wire with(Parameter... more) {
        parameters.addAll(List.of(more));
        return this;
    }

    /** With rules for its errors, which come before those that all APIs share. */
    public Wire faults(Rule... own) {
        return faults(ErrorClassifier.with(own));
    }

    /** With the table of errors that several calls share. */
    public Wire faults(ErrorClassifier table) {
        faults = table;
        return this;
    }

    /**
     * What a call may hold.
     *
     * @param texts the most texts
     * @param textTokens the most tokens of a text
     * @param callTokens the most tokens of all its texts
     * @param bodyBytes the most bytes of its body
     */
    public Wire budgets(int texts, int textTokens, long callTokens, long bodyBytes) {
        Budgets fixed = new Budgets(texts, textTokens, callTokens, bodyBytes);
        return budgets(options -> fixed);
    }

    /** What a call may hold, by the model and the options. */
    public Wire budgets(Function<ApiOptions, Budgets> byOptions) {
        budgets = byOptions;
        return this;
    }

    /** What calls of one input may hold, when no tokens are counted. */
    public Wire oneACall(long bodyBytes) {
        return budgets(1, Integer.MAX_VALUE, Long.MAX_VALUE, bodyBytes);
    }

    /** For images: that is in the fingerprint, and an error about an image is one of the image alone. */
    Wire ofImages() {
        faults = faults.ofImages();
        return inFingerprint(InputKind.KEY, InputKind.IMAGE.toString());
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /** The options of a job, with the usual values where it has none. */
    ApiOptions complete(ApiOptions options) {
        ApiOptions complete = options;
        for (Parameter parameter : parameters) {
            complete = parameter.complete(complete);
        }
        return complete;
    }

    /**
     * The format of calls with the options of a job.
     *
     * @param platform its name
     */
    ModelFormat format(String platform, ApiOptions options) {
        Map<String, Optional<Object>> sent = new TreeMap<>(Map.of(MODEL, Optional.of(options.model())));
        Map<String, String> printed =
                new TreeMap<>(Map.of("api", api.isEmpty() ? platform : api, MODEL, options.model()));
        printed.putAll(fingerprinted);
        computed.forEach((name, value) -> sent.put(name, Optional.of(value.apply(options))));
        for (Parameter parameter : parameters) {
            Optional<Object> value = parameter.sent(options);
            sent.put(parameter.key(), value);
            value.filter(changing -> !parameter.fingerprintName().isEmpty())
                    .ifPresent(changing -> printed.put(parameter.fingerprintName(), words(changing)));
        }
        Budgets most = budgets.apply(options);
        return new JsonFormat(
                PLACE.matcher(path.apply(options)).replaceAll(place -> Options.pathSegment(text(place, sent))),
                body.frame(most.texts() > 1, sent),
                answer,
                faults,
                most,
                sent.getOrDefault("dimensions", Optional.empty()).stream()
                        .mapToInt(Integer.class::cast)
                        .findFirst(),
                printed);
    }

    private static String text(MatchResult place, Map<String, Optional<Object>> sent) {
        return sent.get(place.group(1)).orElseThrow().toString();
    }

    private static String words(Object value) {
        return value instanceof Boolean isOn ? (isOn ? "on" : "off") : value.toString();
    }
}
