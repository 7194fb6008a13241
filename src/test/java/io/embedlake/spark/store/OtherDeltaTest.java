package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.config.TableRef;
import io.embedlake.spark.job.Lake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another release of Delta Lake may lack a class of its inside that embedlake asks for what the public interface tells at a cost. */
class OtherDeltaTest {
    @TempDir
    Path folder;

    @Test
    void whatADeltaWithoutItsSnapshotsDoesNotTellIsAskedInAnotherWay() throws Exception {
        Lake lake = new Lake(folder);
        lake.sql("CREATE TABLE {items} (id BIGINT) USING delta TBLPROPERTIES ('colour' = 'red')");
        TableRef items = TableRef.parse("delta.`" + lake.path("items") + "`");
        Class<?> tables = new WithoutSnapshots().loadClass(Tables.class.getName());
        Object other = tables.getConstructor(SparkSession.class).newInstance(Lake.spark());

        assertEquals(
                "red",
                ((Map<?, ?>) tables.getMethod("properties", TableRef.class).invoke(other, items)).get("colour"));
        for (String question : new String[] {"newestVersion", "rules"}) {
            assertEquals(
                    Optional.empty(), tables.getMethod(question, TableRef.class).invoke(other, items));
        }
        assertEquals(false, tables.getMethod("isKnownEmpty", TableRef.class).invoke(other, items));
        assertThrows(ClassNotFoundException.class, () -> tables.getClassLoader()
                .loadClass("org.apache.spark.sql.delta.Snapshot"));
    }

    /** Loads the classes of this package anew, and knows no snapshots. */
    private static final class WithoutSnapshots extends ClassLoader {
        WithoutSnapshots() {
            super(OtherDeltaTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.apache.spark.sql.delta.Snapshot")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith(Tables.class.getPackageName() + ".")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = file.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
