package io.embedlake.lexical.fitted;

import io.embedlake.spi.EmbedderRequest;

/** The platform {@code bag-of-words}: how often a text has each word of a vocabulary, projected. Stateless. */
public final class BagOfWordsPlatform extends BagPlatform {
    @Override
    public String name() {
        return "bag-of-words";
    }

    @Override
    public BagSettings settings(EmbedderRequest request) {
        return BagSettings.of(request, new Terms.LowerCaseWords(), Weighting.COUNTS);
    }
}
