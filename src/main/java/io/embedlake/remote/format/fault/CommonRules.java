package io.embedlake.remote.format.fault;

import static io.embedlake.remote.format.fault.Rule.tooMuch;
import static io.embedlake.remote.format.fault.Rule.words;

import io.embedlake.remote.format.Budgets.Part;
import io.embedlake.remote.format.Cause;
import java.util.List;

/** Error messages with the same meaning at all providers: gateways and compatible servers copy them. Stateless. */
final class CommonRules {
    /**
     * Before a provider's own rules: limits of a second or a minute are temporary, whatever the message says of trials and plans; those of
     * a day or a month are not.
     */
    static final Rule RATE = words(
                    "(?s)^(?!.*(per[ _-]?day|per[ _-]?month|/ ?(day|month)|daily|monthly|insufficient_quota))"
                            + ".*(per[ _-]?(second|sec|minute|min)|/ ?(sec|second|min|minute)s?\\b|\\b[RT]P[MS]\\b)",
                    Cause.RATE)
            .at(429);

    /** Of calls with images: a picture has dimensions too, which are no option. */
    static final List<Rule> IMAGES = List.of(
            tooMuch("number of images must be at most (?<cap>\\d+)", Part.TEXTS),
            tooMuch("#/images: expected maximum item count: (?<cap>\\d+)", Part.TEXTS),
            words("\\b(images?|pixels?|base64|data ur[il])\\b", Cause.BAD_TEXT).at(400, 422));

    /** In order: access, then the request, then temporary faults. */
    static final List<Rule> ALL = List.of(
            words("insufficient_quota|insufficient_balance|insufficient balance|too many tokens per day", Cause.QUOTA),
            words("API_KEY_INVALID|invalid_api_key", Cause.AUTHORISATION),
            words("model_not_found|INPUT_MODEL_NOT_FOUND|DeploymentNotFound", Cause.NOT_FOUND),
            words("model is (currently )?loading|loading model|is currently loading|ModelNotReady", Cause.LOADING)
                    .at(429, 500, 503),
            words("slow down", Cause.RATE).at(503),
            // What a call as a whole may hold.
            tooMuch("max (?<cap>\\d+) tokens per request", Part.CALL_TOKENS),
            tooMuch("max_tokens_per_request", Part.CALL_TOKENS),
            tooMuch("too many tokens overall", Part.CALL_TOKENS),
            tooMuch("max number of inputs is (?<cap>\\d+)", Part.TEXTS),
            tooMuch("too many inputs", Part.TEXTS),
            tooMuch("number of texts must be at most (?<cap>\\d+)", Part.TEXTS),
            tooMuch("at most (?<cap>\\d+) requests can be in one batch", Part.TEXTS),
            tooMuch("maximum allowed batch size:? (?<cap>\\d+)", Part.TEXTS),
            tooMuch("batch size is invalid, it should not be larger than (?<cap>\\d+)", Part.TEXTS),
            tooMuch("batch size is invalid", Part.TEXTS),
            tooMuch("list should have at most (?<cap>\\d+) items?", Part.TEXTS),
            tooMuch("payload size exceeds the limit:? (?<cap>\\d+) bytes", Part.BODY_BYTES),
            tooMuch("(request|payload|body).{0,30}(too large|size exceeds|length limit exceeded)", Part.BODY_BYTES),
            // What a text may be.
            tooMuch(
                    "(?:input\\[(?<text>\\d+)\\].{0,40})?maximum (?:input |context )length(?: is| of)?:? ?(?<cap>\\d+)?",
                    Part.TEXT_TOKENS),
            tooMuch("must have less than (?<cap>\\d+) tokens", Part.TEXT_TOKENS),
            tooMuch(
                    "exceed_context_size_error|input length exceeds the (?:maximum )?context length|input tokens exceeded",
                    Part.TEXT_TOKENS),
            tooMuch("is too large to process.*current batch size: (?<cap>\\d+)", Part.TEXT_TOKENS),
            tooMuch("is too large to process", Part.TEXT_TOKENS),
            words("empty string at index (?<text>\\d+)", Cause.BAD_TEXT),
            words("content_filter|contains NaN or Inf|unsupported value: NaN", Cause.BAD_TEXT),
            // What an option may be.
            words(
                            "unknown (field|name|parameter|argument)|unrecogni[sz]ed (request )?(field|argument|parameter)"
                                    + "|unsupported_parameter|extra_forbidden|extra (inputs|fields|values)( are)? not permitted"
                                    + "|additional propert|unexpected (keyword|field)",
                            Cause.BAD_OPTION)
                    .at(400, 422),
            words(
                            "\\b(dimensions?|output_?dimension(ality)?|matryoshka|encoding_format|embedding_types?|output_dtype"
                                    + "|input_type|task_?type|prompt_name)\\b",
                            Cause.BAD_OPTION)
                    .at(400, 422));

    private CommonRules() {}
}
