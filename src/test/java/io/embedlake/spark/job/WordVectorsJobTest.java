package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job with vectors of words, from a file to the tables. */
class WordVectorsJobTest {
    @TempDir
    Path folder;

    private Lake lake;
    private String job;

    @BeforeEach
    void writeFile() throws IOException {
        lake = new Lake(folder);
        Path file = Files.writeString(folder.resolve("tiny.vec"), "3 2\nthe 1 0\ncat 0 1\nsat 2 2\n");
        job = Lake.PLAIN.replace(
                "platform: hashing, dimensions: 64", "platform: word-vectors, model: \"" + file + "\"");
    }

    @Test
    void textsGetTheMeansOfTheirWordsAndThoseWithoutAKnownWordAreRejected() {
        lake.items("The cat sat.", "an ocelot", "cat", null);
        lake.runs(lake.job(job, "errors.max-rate=1"), 2, 2);
        Map<Object, List<Float>> vectors = lake.vectors();
        assertEquals(List.of(1f, 1f), vectors.get(1L));
        assertNull(vectors.get(2L));
        assertEquals(List.of(0f, 1f), vectors.get(3L));
        assertEquals(
                "none of the 2 words of the text is in the model's vocabulary",
                lake.row("SELECT reason FROM {items_embeddings_rejected}").getString(0));
        assertEquals("word-vectors", lake.properties("items").get("embedlake.vector.platform"));
        assertEquals("tiny.vec", lake.properties("items").get("embedlake.vector.model"));
    }
}
