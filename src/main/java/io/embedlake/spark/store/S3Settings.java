package io.embedlake.spark.store;

import java.util.Map;
import java.util.TreeMap;

/** What sessions that embedlake opens set for tables on S3, as far as this Hadoop and this Spark have what it needs. Stateless. */
public final class S3Settings {
    /** Of Hadoop 3.4.2, which writes on conditions; it comes with Spark 4.1. */
    private static final String CONDITIONS = "org.apache.hadoop.fs.Options$CreateFileOptionKeys";

    /** Of Spark 4.1. */
    private static final String FILE_MANAGER =
            "org.apache.spark.sql.execution.streaming.checkpointing.FileSystemBasedCheckpointFileManager";

    private S3Settings() {}

    /**
     * Whoever writes a file has no other in its place: files of tables have names of their own, and what may not be replaced is written on
     * that condition. So S3A need not look before, which is two requests a file.
     */
    public static Map<String, String> of() {
        Map<String, String> settings = new TreeMap<>();
        if (isThere(CONDITIONS)) {
            settings.put("spark.delta.logStore.s3a.impl", ConditionalLogStore.class.getName());
            settings.put("spark.hadoop.fs.s3a.performance.flags", "create,mkdir");
            if (isThere(FILE_MANAGER)) {
                settings.put(ObjectFileManager.SETTING, ObjectFileManager.class.getName());
            }
        }
        return settings;
    }

    private static boolean isThere(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
