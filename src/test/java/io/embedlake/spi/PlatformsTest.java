package io.embedlake.spi;

import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The class path of tests holds one platform more than the product's. */
class PlatformsTest {
    @Test
    void listsAllInTheOrderOfTheDocuments() {
        assertEquals(
                List.of(
                        "huggingface",
                        "hashing",
                        "word-vectors",
                        "tf-idf",
                        "bag-of-words",
                        "bag-of-characters",
                        "word2vec",
                        "autoencoder",
                        "gan",
                        "openai",
                        "azure-openai",
                        "cohere",
                        "huggingface-api",
                        "tei",
                        "voyage",
                        "gemini",
                        "vertex",
                        "mistral",
                        "jina",
                        "bedrock",
                        "databricks",
                        "ollama",
                        "openai-compatible",
                        "http"),
                Platforms.all().stream()
                        .filter(Platform::isListed)
                        .map(Platform::name)
                        .toList());
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
