package io.embedlake.remote.pack;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.embedlake.text.Texts;

/** Counts as OpenAI's embedding models do, which need not learn. What looks like a special token is counted as text. Thread-safe. */
public final class Cl100kTokens implements TextTokens {
    private final Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

    @Override
    public long count(String text) {
        // It refuses half a surrogate pair, with a message that holds the text.
        return encoding.countTokensOrdinary(Texts.wellFormed(text));
    }

    @Override
    public void learn(long counted, long charged) {
        // Nothing to learn: it is exact.
    }
}
