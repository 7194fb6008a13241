package io.embedlake.spark;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.embedlake.spark.job.Lake;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
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

    /** The class that writes Delta's log on S3 was once asked for its name by a constant: without Delta Lake nobody read the sentence. */
    @Test
    void theSentenceNeedsNoDeltaLake() throws Exception {
        Class<?> sessions = Class.forName(Sessions.class.getName(), true, new WithoutDelta());
        assertSame(WithoutDelta.class, sessions.getClassLoader().getClass());
    }

    /** Loads embedlake's classes anew, and finds none of Delta Lake's. */
    private static final class WithoutDelta extends ClassLoader {
        WithoutDelta() {
            super(SessionsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.delta.") || name.startsWith("org.apache.spark.sql.delta.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.embedlake.") || name.startsWith(SessionsTest.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? defined(name) : loaded;
        }

        private Class<?> defined(String name) throws ClassNotFoundException {
            try (InputStream code = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = code.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
