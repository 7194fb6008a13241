package io.embedlake.lexical.fitted;

import io.embedlake.spi.EmbedderRequest;

/** The platform {@code tf-idf}: as {@code bag-of-words}, and the rarer a word is, the more it counts. Stateless. */
public final class TfIdfPlatform extends BagPlatform {
    @Override
    public String name() {
        return "tf-idf";
    }

    @Override
    public BagSettings settings(EmbedderRequest request) {
        return BagSettings.of(request, new Terms.LowerCaseWords(), Weighting.TF_IDF);
    }
}
