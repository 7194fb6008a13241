package io.embedlake.remote.format.google;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;

/** What Google's errors mean; a bad key is a 400 there, and a day's quota a 429 like a minute's. Stateless. */
final class GoogleRules {
    static final ErrorClassifier FAULTS = ErrorClassifier.with(
            Rule.words("PerDay", Cause.QUOTA).at(429),
            Rule.words("API_KEY_INVALID|API key not valid", Cause.AUTHORISATION),
            Rule.tooMuch("(?<cap>\\d+) instance\\(s\\) (?:is|are) allowed per prediction", Budgets.Part.TEXTS),
            Rule.tooMuch(
                            "input token count.{0,40}(?:supports up to|maximum).{0,20}?(?<cap>\\d+)",
                            Budgets.Part.CALL_TOKENS)
                    .at(400));

    private GoogleRules() {}
}
