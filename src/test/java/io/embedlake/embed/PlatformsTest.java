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
                        "azure-openai",
                        "bag-of-characters",
                        "bag-of-words",
                        "bedrock",
                        "cohere",
                        "databricks",
                        "gan",
                        "gemini",
                        "hashing",
                        "http",
                        "huggingface",
                        "huggingface-api",
                        "jina",
                        "mistral",
                        "ollama",
                        "openai",
                        "openai-compatible",
                        "tei",
                        "test-picky",
                        "tf-idf",
                        "vertex",
                        "voyage",
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
                "Cannot find a platform: Huggingface (one of "
                        + Platforms.all().stream().map(Platform::name).toList() + "). Change the key platform.",
                () -> Platforms.named("Huggingface"));
    }
}
