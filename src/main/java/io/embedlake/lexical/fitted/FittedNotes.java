package io.embedlake.lexical.fitted;

import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.FittedPlatform;
import java.util.Locale;

/** Notes for the user about a fitted model, in sentences. Stateless. */
final class FittedNotes {
    private FittedNotes() {}

    /** Of a model that the first run will fit. */
    static String toBeFitted(EmbedderRequest request) {
        return String.format(
                Locale.ROOT,
                "the first run fits the model on %,d of the column's texts, or on all when there are fewer",
                request.number(FittedPlatform.FIT_ROWS).orElse(FittedPlatform.DEFAULT_FIT_ROWS));
    }

    /** Of a model that was fitted. */
    static String fitted(long texts) {
        return String.format(Locale.ROOT, "the model was fitted on %,d of the column's texts", texts);
    }
}
