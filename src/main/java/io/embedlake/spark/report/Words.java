package io.embedlake.spark.report;

import java.util.Locale;

/** Numbers as people read them. Stateless. */
final class Words {
    private Words() {}

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 10 ? "%,.1f" : "%,.0f", perSecond);
    }

    static String usd(double amount) {
        return amount == 0 ? "none" : String.format(Locale.ROOT, "%.4f USD", amount);
    }
}
