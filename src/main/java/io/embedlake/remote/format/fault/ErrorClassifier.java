package io.embedlake.remote.format.fault;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.fault.Rule.Finding;
import io.embedlake.remote.format.pace.Delays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Classifies a reply without vectors: by a provider's own rules, then by the common ones, then by the status. A message is repeated if a
 * rule matches it; any other could be a user's text, and only its codes are repeated. Immutable.
 */
public final class ErrorClassifier {
    /** The rate of a minute that the call alone exceeds: no wait helps. */
    private static final Pattern ASKED_FOR_MORE =
            Pattern.compile("\\(TPM\\): Limit (\\d{1,9}),.*? Requested (\\d{1,9})\\b");

    private static final List<String> REQUEST_IDS = List.of(
            "x-request-id", "apim-request-id", "x-amzn-requestid", "mistral-correlation-id", "x-debug-trace-id");
    private static final Set<Cause> RETRIED = Set.of(Cause.RATE, Cause.TRANSIENT, Cause.LOADING);

    /** The words that describe what the texts are sent as; any other parameter is an option. */
    private static final Pattern INPUT =
            Pattern.compile("(?i)(inputs?|texts?|contents?|instances|requests|messages|prompt|input.*)");

    private final List<Rule> rules;

    private ErrorClassifier(List<Rule> rules) {
        this.rules = rules;
    }

    /** The table of a provider: its own rules in order, before the common ones. */
    public static ErrorClassifier with(Rule... own) {
        return new ErrorClassifier(Stream.of(Stream.of(CommonRules.RATE), Stream.of(own), CommonRules.ALL.stream())
                .flatMap(rules -> rules)
                .toList());
    }

    /** The table for calls with images, whose words about images come before all others but those about rates. */
    public ErrorClassifier ofImages() {
        return new ErrorClassifier(Stream.of(Stream.of(CommonRules.RATE), CommonRules.IMAGES.stream(), rules.stream())
                .flatMap(some -> some)
                .toList());
    }

    /**
     * What an error reply means.
     *
     * @param texts how many texts the call had: a call of one that is too big has a text that is too long
     */
    public Fault ofError(Reply reply, int texts) {
        return fault(reply, reply.status(), texts, ErrorBody.of(reply));
    }

    /**
     * Classifies a reply with a status of success and no vectors. An error in it that names an HTTP status is treated as a reply with that
     * status.
     *
     * @param flaw what is wrong with it
     */
    public Fault ofSuccess(Reply reply, int texts, String flaw) {
        ErrorBody body = ErrorBody.of(reply);
        OptionalInt status = body.status();
        if (status.isPresent()) {
            return fault(reply, status.getAsInt(), texts, body);
        }
        String named = body.codes().isEmpty() ? "" : "; error " + SafeWords.of(String.join(" ", body.codes()));
        return Fault.of(Cause.WRONG_ANSWER, "HTTP " + reply.status() + ": " + flaw + named + requestId(reply));
    }

    private Fault fault(Reply reply, int status, int texts, ErrorBody body) {
        String subject = body.subject();
        Optional<Finding> known = tooLargeForAMinute(body).or(() -> rules.stream()
                .flatMap(rule -> rule.find(status, subject).stream())
                .findFirst());
        Finding finding = isPage(reply, status)
                ? finding(Cause.BARRED)
                : settled(reply, texts, known.orElseGet(() -> byStatus(status, body)));
        boolean quotable = known.isPresent()
                || finding.cause() != Cause.BAD_TEXT && finding.cause() != Cause.TRANSIENT && status < 500;
        return new Fault(
                finding.cause(),
                reason(reply, status, body, finding.cause(), quotable),
                Delays.longest(reply, body.message(), body.delays()),
                inRange(finding.text().isPresent() ? finding.text() : body.text(), texts),
                finding.cap(),
                finding.exceeded());
    }

    private static Optional<Finding> tooLargeForAMinute(ErrorBody body) {
        Matcher asked = ASKED_FOR_MORE.matcher(body.message());
        return asked.find() && number(asked, 2) > number(asked, 1)
                ? Optional.of(new Finding(
                        Cause.CALL_TOO_BIG,
                        Optional.of(Budgets.Part.CALL_TOKENS),
                        OptionalInt.of(number(asked, 1)),
                        OptionalInt.empty()))
                : Optional.empty();
    }

    /** What was found, seen with the rest of the reply. */
    private static Finding settled(Reply reply, int texts, Finding finding) {
        if (finding.cause() == Cause.CALL_TOO_BIG && texts == 1) {
            return new Finding(Cause.TEXT_TOO_LONG, finding.exceeded(), finding.cap(), OptionalInt.of(0));
        }
        // When retries are not allowed, stop where a later run can resume.
        return isRetryForbidden(reply) && RETRIED.contains(finding.cause()) ? finding(Cause.QUOTA) : finding;
    }

    private static boolean isRetryForbidden(Reply reply) {
        return reply.header("x-should-retry").filter("false"::equals).isPresent();
    }

    private static Finding byStatus(int status, ErrorBody body) {
        return switch (status) {
            case 401, 403 -> finding(Cause.AUTHORISATION);
            case 407, 511 -> finding(Cause.BARRED);
            case 402 -> finding(Cause.QUOTA);
            case 404, 405, 410 -> finding(Cause.NOT_FOUND);
            case 413 ->
                new Finding(
                        Cause.CALL_TOO_BIG,
                        Optional.of(Budgets.Part.BODY_BYTES),
                        OptionalInt.empty(),
                        OptionalInt.empty());
            case 429 -> finding(Cause.RATE);
            case 400, 422 -> finding(isOption(body.parameter()) ? Cause.BAD_OPTION : Cause.BAD_TEXT);
            case 498 -> finding(Cause.BAD_TEXT);
            case 408, 409, 424, 425, 499 -> finding(Cause.TRANSIENT);
            case 501, 505 -> finding(Cause.BAD_OPTION);
            default -> finding(status >= 500 ? Cause.TRANSIENT : status >= 400 ? Cause.BAD_OPTION : Cause.MOVED);
        };
    }

    /** An HTML error page comes from a proxy or a firewall. */
    private static boolean isPage(Reply reply, int status) {
        return status == 403
                && reply.header("content-type")
                        .filter(type -> type.startsWith("text/html"))
                        .isPresent();
    }

    private static boolean isOption(String parameter) {
        return !parameter.isEmpty()
                && !parameter.contains("$.input")
                && !INPUT.matcher(parameter).matches();
    }

    private static Finding finding(Cause cause) {
        return new Finding(cause, Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
    }

    private static OptionalInt inRange(OptionalInt text, int texts) {
        return text.isPresent() && text.getAsInt() >= 0 && text.getAsInt() < texts ? text : OptionalInt.empty();
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static String reason(Reply reply, int status, ErrorBody body, Cause cause, boolean quotable) {
        String codes = Stream.concat(body.codes().stream(), Stream.of(body.parameter()))
                .filter(code -> !code.isEmpty() && !code.equals(String.valueOf(status)))
                .distinct()
                .reduce("", (all, code) -> all + " " + code);
        String words = !quotable || !body.isBrief() || body.message().isEmpty() ? "" : ": " + body.message();
        String moved = reply.header("location")
                .filter(to -> cause == Cause.MOVED)
                .map(to -> " to " + to.replaceFirst("[?#].*", "").replaceFirst("//[^/]*@", "//"))
                .orElse("");
        String said = "HTTP " + status + codes + moved + words;
        return (cause == Cause.AUTHORISATION ? SafeWords.aboutKeys(said) : SafeWords.of(said))
                + (isRetryForbidden(reply) ? "; the server forbids to try again" : "")
                + requestId(reply);
    }

    /** The request id that the provider's support needs. */
    private static String requestId(Reply reply) {
        return REQUEST_IDS.stream()
                .map(reply::header)
                .flatMap(Optional::stream)
                .filter(id -> id.matches("[\\w.:-]{1,80}"))
                .findFirst()
                .map(id -> " (request " + id + ")")
                .orElse("");
    }
}
