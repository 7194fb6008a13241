package io.embedlake.spark.sql;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lower;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import scala.jdk.javaapi.CollectionConverters;

/** A folder of image files as rows. Stateless. */
public final class ImageFolder {
    /** The column with a file's content. */
    public static final String CONTENT = "content";

    /** A regular expression that finds the names of image files, in lower case. */
    public static final String NAMES = "[.](jpe?g|jfif|png|gif|bmp|dib|tiff?|webp)$";

    private ImageFolder() {}

    /**
     * The files in a folder and below it that their names say are images: {@code path, modificationTime, length, content}. Spark's source
     * {@code binaryFile} leaves empty files out, which are rows here; both leave out names that begin with {@code _} or a dot.
     */
    public static Dataset<Row> read(SparkSession spark, String location) {
        Dataset<Row> files = spark.read()
                .format("binaryFile")
                .option("recursiveFileLookup", "true")
                .load(location);
        List<Row> empty = empty(files);
        Dataset<Row> all = empty.isEmpty() ? files : files.union(spark.createDataFrame(empty, files.schema()));
        return all.where(lower(col("path")).rlike(NAMES));
    }

    private static List<Row> empty(Dataset<Row> files) {
        List<Row> rows = new ArrayList<>();
        for (FileStatus file : CollectionConverters.asJava(index(files).allFiles())) {
            if (file.getLen() == 0) {
                rows.add(RowFactory.create(
                        file.getPath().toString(), new Timestamp(file.getModificationTime()), 0L, new byte[0]));
            }
        }
        return rows;
    }

    private static PartitioningAwareFileIndex index(Dataset<Row> files) {
        LogicalPlan plan = ((org.apache.spark.sql.classic.Dataset<Row>) files)
                .queryExecution()
                .analyzed();
        return (PartitioningAwareFileIndex) ((HadoopFsRelation) ((LogicalRelation) plan).relation()).location();
    }
}
