package io.embedlake.remote.format.bedrock;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;

/** What all models of Bedrock share. Stateless. */
public final class Bedrock {
    /** The kind of error is in a header. Words of the validation of bodies name the place of the text. */
    static final ErrorClassifier FAULTS = ErrorClassifier.with(
            Rule.words(
                    "UnrecognizedClient|AccessDenied|ExpiredToken|InvalidSignature|IncompleteSignature",
                    Cause.AUTHORISATION),
            Rule.words("ServiceQuotaExceeded|per day", Cause.QUOTA),
            Rule.words("ModelNotReady", Cause.LOADING),
            Rule.words("ThrottlingException", Cause.RATE),
            Rule.words("model identifier is invalid|ResourceNotFound", Cause.NOT_FOUND),
            Rule.tooMuch("#/texts: expected maximum item count: (?<cap>\\d+)", Budgets.Part.TEXTS),
            Rule.tooMuch("#/texts/(?<text>\\d+): expected maxLength", Budgets.Part.TEXT_TOKENS),
            Rule.tooMuch("#/inputText: expected maxLength", Budgets.Part.TEXT_TOKENS),
            Rule.tooMuch("too many input tokens(?:\\. max input tokens: (?<cap>\\d+))?", Budgets.Part.TEXT_TOKENS),
            Rule.words("#/(texts/(?<text>\\d+)|inputText): expected minLength", Cause.BAD_TEXT),
            Rule.words("#(/[a-z_]+)*: (extraneous key|required key|.* is not a valid enum)", Cause.BAD_OPTION));

    private Bedrock() {}

    /** The base URL of a region. */
    public static String endpoint(String region) {
        Options.require("region", region, region.matches("[a-z0-9-]{4,30}"), "such as eu-central-1");
        return "https://bedrock-runtime." + region + ".amazonaws.com";
    }

    static String path(String model) {
        return "/model/" + Options.pathSegment(model) + "/invoke";
    }
}
