package io.embedlake.embed;

import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The class path of tests holds one platform more than the product's. */
class PlatformsTest {
    @Test
    void listsAllByName() {
        assertEquals(
                List.of(
                        "autoencoder",
                        "bag-of-characters",
                        "bag-of-words",
                        "gan",
                        "hashing",
                        "huggingface",
                        "test-picky",
                        "tf-idf",
                        "word-vectors",
                        "word2vec"),
                Platforms.all().stream().map(Platform::name).toList());
    }

    @Test
    void findsEachByItsName() {
        Platforms.all()
                .forEach(platform -> assertEquals(
                        platform.getClass(), Platforms.named(platform.name()).getClass()));
    }

    @Test
    void namesThePlatformsThatThereAreWhenAskedForAnother() {
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot find a platform: Huggingface (one of [autoencoder, bag-of-characters, bag-of-words, gan, hashing, huggingface, test-picky,"
                        + " tf-idf, word-vectors, word2vec]). Change the key platform.",
                () -> Platforms.named("Huggingface"));
    }
}
