package io.embedlake.spark.search;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.quantize.ByteScales;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spark.publish.TargetShape;
import io.embedlake.spark.search.ColumnSample.NearRow;
import io.embedlake.spark.search.ColumnSample.SampledRow;
import io.embedlake.spark.search.ColumnSample.Shown;
import io.embedlake.spi.Granularity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Draws rows of a job's vector columns and finds their nearest ones. Confined to the driver; embeds nothing. Of a large table it searches about a
 * million rows, which its ids choose.
 */
public final class SampledColumns {
    private static final long MOST_ROWS = 1_000_000;
    private static final int MOST_CHARACTERS = 160;

    private final JobSpec job;
    private final ColumnSearch search;
    private final Shown shown;
    private final List<String> ids;

    public SampledColumns(SparkSession spark, JobSpec job, Shown shown) {
        this.job = job;
        this.search = new ColumnSearch(spark, job);
        this.shown = shown;
        this.ids = TargetShape.of(job).ids();
    }

    /**
     * A sample of each column that can be searched by one vector a row.
     *
     * @param rows how many rows are drawn of each
     * @param k how many near rows each gets
     */
    public List<ColumnSample> samples(int rows, int k) {
        List<ColumnSample> samples = new ArrayList<>();
        for (EmbeddingSpec embedding : job.embeddings()) {
            ColumnSearch.Opened opened = search.opened(Optional.of(embedding.column()));
            if (opened.spec().granularity() != Granularity.TOKEN) {
                samples.add(sample(opened, rows, k));
            }
        }
        return samples;
    }

    private ColumnSample sample(ColumnSearch.Opened opened, int rows, int k) {
        String column = opened.embedding().column();
        Optional<Quantizer> quantizer = search.reduction(opened).flatMap(Reduction::quantizer);
        Dataset<Row> table = opened.rows();
        long all = table.count();
        Column hash = xxhash64(ids.stream().map(Search::quoted).toArray(Column[]::new));
        Column isVector = Search.quoted(column).isNotNull();
        long part = (all + MOST_ROWS - 1) / MOST_ROWS;
        Dataset<Row> searched = part > 1 ? table.where(pmod(hash, lit(part)).equalTo(0)) : table;
        List<SampledRow> sampled = searched.where(isVector).orderBy(hash).limit(rows).collectAsList().stream()
                .map(row -> new SampledRow(
                        id(row),
                        values(row),
                        nearest(
                                searched,
                                new Search.Scoring(column, vector(row, column, quantizer), quantizer),
                                row,
                                k)))
                .toList();
        return new ColumnSample(
                column,
                part > 1 ? all / part : all,
                sampled,
                search.index(opened, quantizer).recall());
    }

    private List<NearRow> nearest(Dataset<Row> rows, Search.Scoring scoring, Row itself, int k) {
        return Search.nearest(rows, ids, scoring, k + 1, Optional.empty()).collectAsList().stream()
                .filter(row -> !id(row).equals(id(itself)))
                .limit(k)
                .map(row -> new NearRow(id(row), values(row), row.<Double>getAs(Search.SCORE)))
                .toList();
    }

    private String id(Row row) {
        return ids.stream().map(name -> String.valueOf(row.<Object>getAs(name))).collect(Collectors.joining(", "));
    }

    private String values(Row row) {
        if (shown == Shown.IDS) {
            return "";
        }
        String all = Search.shown(row.schema()).stream()
                .map(org.apache.spark.sql.types.StructField::name)
                .filter(name -> !name.equals(Search.SCORE) && ids.stream().noneMatch(name::equalsIgnoreCase))
                .map(name -> name + ": " + row.<Object>getAs(name))
                .collect(Collectors.joining(", "));
        return all.codePointCount(0, all.length()) > MOST_CHARACTERS
                ? all.substring(0, all.offsetByCodePoints(0, MOST_CHARACTERS)) + "\u2026"
                : all;
    }

    private static float[] vector(Row row, String column, Optional<Quantizer> quantizer) {
        if (quantizer.isEmpty()) {
            List<Float> values = row.getList(row.fieldIndex(column));
            float[] vector = new float[values.size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = values.get(i);
            }
            return vector;
        }
        byte[] codes;
        if (quantizer.get() instanceof ByteScales) {
            List<Byte> values = row.getList(row.fieldIndex(column));
            codes = new byte[values.size()];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = values.get(i);
            }
        } else {
            codes = row.getAs(column);
        }
        return quantizer.get().decode(codes);
    }
}
