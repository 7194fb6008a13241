package io.embedlake.remote.format.fault;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a table of errors: what to look for, and its cause. The groups {@code cap} and {@code text} of the words, where there are
 * such, hold the most that the server takes and the position of the offending text. Immutable.
 */
public final class Rule {
    private final Set<Integer> statuses;
    private final Pattern words;
    private final Cause cause;
    private final Optional<Budgets.Part> exceeded;

    private Rule(Set<Integer> statuses, Pattern words, Cause cause, Optional<Budgets.Part> exceeded) {
        this.statuses = statuses;
        this.words = words;
        this.cause = Objects.requireNonNull(cause);
        this.exceeded = exceeded;
    }

    /** What a rule found: the cause, and what the words name. */
    record Finding(Cause cause, Optional<Budgets.Part> exceeded, OptionalInt cap, OptionalInt text) {}

    /** Codes or words, whatever the status. */
    public static Rule words(String words, Cause cause) {
        return new Rule(Set.of(), Pattern.compile(words, Pattern.CASE_INSENSITIVE), cause, Optional.empty());
    }

    /** Codes or words of a call that exceeds a budget, whatever the status. */
    public static Rule tooMuch(String words, Budgets.Part exceeded) {
        return new Rule(
                Set.of(),
                Pattern.compile(words, Pattern.CASE_INSENSITIVE),
                exceeded == Budgets.Part.TEXT_TOKENS ? Cause.TEXT_TOO_LONG : Cause.CALL_TOO_BIG,
                Optional.of(exceeded));
    }

    /** This rule, for replies of these statuses alone. */
    public Rule at(Integer... of) {
        return new Rule(Set.of(of), words, cause, exceeded);
    }

    Optional<Finding> find(int status, String subject) {
        Matcher matcher = words.matcher(subject);
        if (!statuses.isEmpty() && !statuses.contains(status) || !matcher.find()) {
            return Optional.empty();
        }
        return Optional.of(new Finding(cause, exceeded, group(matcher, "cap"), group(matcher, "text")));
    }

    private OptionalInt group(Matcher matcher, String name) {
        if (!words.pattern().contains("(?<" + name + ">")) {
            return OptionalInt.empty();
        }
        String number = matcher.group(name);
        return number == null || number.length() > 9 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(number));
    }
}
