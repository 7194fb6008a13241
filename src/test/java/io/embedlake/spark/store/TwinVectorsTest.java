package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.config.TableRef;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reduction;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.Fingerprint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two jobs may embed a text at the same time. */
class TwinVectorsTest {
    @TempDir
    Path folder;

    @Test
    void everyReaderTakesTheOlderOfTwoVectors() {
        Tables tables = new Tables(Lake.spark());
        Fingerprint model = Fingerprint.of(Map.of("model", "m"));
        WholeVectors vectors = new WholeVectors(
                tables,
                new TableRef.FilePath(
                        TableRef.Format.DELTA, folder.resolve("store").toString()));
        vectors.create();
        for (String row :
                List.of("2.0, TIMESTAMP'2026-01-02'", "1.0, TIMESTAMP'2026-01-01'", "3.0, TIMESTAMP'2026-01-03'")) {
            String[] parts = row.split(", ");
            new Lake(folder)
                    .sql("INSERT INTO {store} VALUES ('" + model.hash() + "', 'a', array(cast(" + parts[0]
                            + " AS FLOAT)), 1, 1, false, 'run', " + parts[1] + ")");
        }
        assertEquals(
                List.of(1f),
                vectors.sample(vectors.rows(model), 10).select("vector").first().getList(0));
        assertEquals(
                List.of(1f),
                vectors.reduced(vectors.rows(model), Reduction.of(new NoReduction()))
                        .select("vector")
                        .first()
                        .getList(0));
    }
}
