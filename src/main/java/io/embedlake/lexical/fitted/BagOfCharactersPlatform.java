package io.embedlake.lexical.fitted;

import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.PlatformOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The platform {@code bag-of-characters}: how often a text has each n-gram of characters of a vocabulary, projected; the rarer an n-gram
 * is, the more it counts. Stateless.
 */
public final class BagOfCharactersPlatform extends BagPlatform {
    private static final String NGRAMS = "ngrams";
    private static final String DEFAULT_NGRAMS = "2-4";

    @Override
    public String name() {
        return "bag-of-characters";
    }

    @Override
    public List<PlatformOption> declares() {
        return Stream.concat(super.declares().stream(), Stream.of(FittedOptions.NGRAMS))
                .toList();
    }

    @Override
    public BagSettings settings(EmbedderRequest request) {
        String[] range = request.option(NGRAMS).orElse(DEFAULT_NGRAMS).split("-");
        return BagSettings.of(
                request,
                new Terms.Characters(Integer.parseInt(range[0]), Integer.parseInt(range[1])),
                Weighting.TF_IDF);
    }
}
