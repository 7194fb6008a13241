package io.embedlake.spark;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import io.embedlake.spark.job.Lake;
import io.embedlake.spi.ErrorKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {
    @Test
    void aClusterThatHidesSparkIsRefusedInASentence() {
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> Sessions.requireUsable(() -> {
                    throw new UnsupportedOperationException("sparkContext");
                }),
                "serverless and standard (shared) clusters of Databricks",
                "Use a dedicated (single-user) or a job cluster.");
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> Sessions.requireUsable(() -> {
                    throw new NoSuchMethodError("sparkContext");
                }),
                "hides Spark's own classes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5.1", "3.5", "3.5.1-amzn-0"})
    void anOlderSparkIsRefused(String version) {
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> Sessions.requireUsable(() -> version),
                "Cannot use Spark " + version,
                "built for Spark 4 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.0.0", "4.0", "4.1.0", "4.1", "4.1.0-amzn-1", "4.1.2.7", "4.10.0", "5.0.0-SNAPSHOT"})
    void thisSparkAndNewerOnesAreUsed(String version) {
        assertDoesNotThrow(() -> Sessions.requireUsable(() -> version));
    }
}
