package io.embedlake.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.spi.Vectors;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VectorSourcesTest {
    @Test
    void hashedVectorsAreFewAndEachTextKeepsItsOwn() {
        HashedVectors vectors = new HashedVectors(16);
        Set<float[]> seen = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            float[] vector = vectors.apply("text " + i);
            assertSame(vector, vectors.apply("text " + i));
            seen.add(vector);
        }
        assertTrue(seen.size() > 400 && seen.size() <= 512, "vectors: " + seen.size());
        assertNotSame(vectors.apply("text a"), vectors.apply("text b"));
        assertEquals(1, Caller.length(vectors.apply("x")), 1e-6);
    }

    @Test
    void theEmbeddedModelsVectorsMeanSomethingInEveryLength() {
        try (ModelVectors model = ModelVectors.embedded();
                FakeProvider fake = FakeProvider.start(Settings.of(Provider.OPENAI), model)) {
            JsonNode data = new Caller(fake)
                    .post(
                            "/v1/embeddings",
                            "{'model': 'text-embedding-3-large', 'input': ['A cat sleeps.', 'The cat is asleep.',"
                                    + " 'Interest rates rose.']}")
                    .json()
                    .path("data");
            float[][] vectors = new float[3][];
            for (int i = 0; i < 3; i++) {
                vectors[i] = Caller.floats(data.get(i).path("embedding"));
            }
            assertEquals(3072, vectors[0].length);
            double near = Vectors.cosine(vectors[0], vectors[1]);
            double far = Vectors.cosine(vectors[0], vectors[2]);
            assertTrue(near > 0.7 && far < 0.3, near + " and " + far);
            // Said several times over, a vector has the same angles with others.
            assertEquals(Vectors.cosine(model.apply("A cat sleeps."), model.apply("The cat is asleep.")), near, 1e-6);
        }
    }
}
