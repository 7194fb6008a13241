package io.embedlake.ml;

import java.util.List;
import org.apache.spark.ml.util.ReadWriteUtils$;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * A text below the path of a saved stage. Since 4.1 Spark moves models out of the memory of a Connect server into local files, and writes and
 * reads there itself; Spark 4.0 saves models with files of Spark alone. Stateless.
 */
final class SavedText {
    private SavedText() {}

    static void save(String path, String text, SparkSession spark) {
        try {
            ReadWriteUtils$.MODULE$.saveText(path, text, spark);
        } catch (NoClassDefFoundError e) {
            spark.createDataset(List.of(text), Encoders.STRING()).write().text(path);
        }
    }

    static String load(String path, SparkSession spark) {
        try {
            return ReadWriteUtils$.MODULE$.loadText(path, spark);
        } catch (NoClassDefFoundError e) {
            return spark.read().textFile(path).first();
        }
    }
}
