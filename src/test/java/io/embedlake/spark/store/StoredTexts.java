package io.embedlake.spark.store;

import io.embedlake.spark.job.Lake;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Texts with made-up vectors, as waves append them. Stateless. */
final class StoredTexts {
    private static final StructType WAVE = StructType.fromDDL(
            "content_hash STRING NOT NULL, vector ARRAY<FLOAT>, dimension INT NOT NULL, tokens INT NOT NULL, truncated BOOLEAN NOT NULL");

    private StoredTexts() {}

    static EmbedderSpec spec(String model) {
        return new EmbedderSpec("test", model, Fingerprint.of(Map.of("weights", model)), Map.of());
    }

    static String hash(int text) {
        return Sha256.hex(("text " + text).getBytes(StandardCharsets.UTF_8));
    }

    static List<Float> vector(int text, String run) {
        return List.of((float) text, (float) run.hashCode(), 0.5f);
    }

    /** The texts of a range of numbers. */
    static Dataset<Row> wave(String run, int from, int to) {
        List<Row> rows = new ArrayList<>();
        for (int text = from; text < to; text++) {
            rows.add(RowFactory.create(hash(text), vector(text, run), 3, 1, false));
        }
        return Lake.spark().createDataFrame(rows, WAVE);
    }
}
