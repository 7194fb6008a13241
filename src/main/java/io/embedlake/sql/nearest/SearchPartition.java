package io.embedlake.sql.nearest;

import io.embedlake.ivf.Directions;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Searches for the rows of a partition, many at once. Immutable; runs on executors.
 *
 * @param query the vector of a row, bound to its columns
 * @param types of the parts of an id
 * @param output the columns of a row and of an id
 */
record SearchPartition(Broadcast<NearestSearch> search, Expression query, List<DataType> types, Seq<Attribute> output)
        implements FlatMapFunction<Iterator<InternalRow>, InternalRow>, Serializable {
    /** So many rows are searched for at once: each block of them may read the whole index. */
    private static final int MOST_ROWS = 16_384;

    /** The rows of a block are so large together, and so are their vectors. */
    private static final long MOST_BYTES = 64L << 20;

    /** So many ids are held at once. */
    private static final int MOST_IDS = 1 << 20;

    @Override
    public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
        NearestSearch asked = search.value();
        long ofVectors = MOST_BYTES / Float.BYTES / asked.index().dimension();
        int most = (int) Math.max(1, Math.min(MOST_ROWS, Math.min(ofVectors, MOST_IDS / asked.k())));
        UnsafeProjection whole = UnsafeProjection.create(
                CollectionConverters.asScala(List.<Expression>copyOf(CollectionConverters.asJava(output)))
                        .toSeq(),
                output);
        return new Iterator<>() {
            private Iterator<InternalRow> found = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!found.hasNext() && rows.hasNext()) {
                    found = found(asked, block(rows, most)).iterator();
                }
                return found.hasNext();
            }

            @Override
            public InternalRow next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return whole.apply(found.next());
            }
        };
    }

    /** Spark hands out one row again and again with other values. */
    private static List<InternalRow> block(Iterator<InternalRow> rows, int most) {
        List<InternalRow> block = new ArrayList<>();
        for (long bytes = 0; block.size() < most && bytes < MOST_BYTES && rows.hasNext(); ) {
            InternalRow row = rows.next();
            bytes += row instanceof UnsafeRow known ? known.getSizeInBytes() : 0;
            block.add(row.copy());
        }
        return block;
    }

    private List<InternalRow> found(NearestSearch asked, List<InternalRow> rows) {
        int dimension = asked.index().dimension();
        float[] units = new float[rows.size() * dimension];
        int[] place = new int[rows.size()];
        int count = 0;
        for (int row = 0; row < place.length; row++) {
            Optional<float[]> unit = unit(asked, rows.get(row));
            place[row] = unit.isPresent() ? count++ : -1;
            if (unit.isPresent()) {
                System.arraycopy(unit.get(), 0, units, place[row] * dimension, dimension);
            }
        }
        List<List<Object[]>> ids = asked.index().of(units, count, asked.k(), asked.recall());
        List<InternalRow> found = new ArrayList<>();
        for (int row = 0; row < place.length; row++) {
            List<Object[]> own = place[row] < 0 ? List.of() : ids.get(place[row]);
            if (own.isEmpty() && asked.isOuter()) {
                found.add(new JoinedRow(rows.get(row), new GenericInternalRow(new Object[types.size()])));
            }
            for (Object[] id : own) {
                found.add(new JoinedRow(rows.get(row), internal(id)));
            }
        }
        return found;
    }

    /** As Spark's functions see it, a vector with a null in it is null, and one of zeros is near to nothing. */
    private Optional<float[]> unit(NearestSearch asked, InternalRow row) {
        if (!(query.eval(row) instanceof ArrayData vector)) {
            return Optional.empty();
        }
        int dimension = asked.index().dimension();
        if (vector.numElements() != dimension) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot find the rows of " + asked.column() + " that are nearest to a vector of "
                            + vector.numElements() + " values (the column's vectors have " + dimension
                            + "). Compare vectors of the same model and reduction.");
        }
        for (int i = 0; i < dimension; i++) {
            if (vector.isNullAt(i)) {
                return Optional.empty();
            }
        }
        return Directions.of(vector.toFloatArray());
    }

    private InternalRow internal(Object[] id) {
        Object[] values = new Object[id.length];
        Arrays.setAll(values, part -> internal(id[part], types.get(part)));
        return new GenericInternalRow(values);
    }

    /** What was read of a file, as Spark's own rows have it. */
    private static Object internal(Object value, DataType type) {
        if (value instanceof String text) {
            return UTF8String.fromString(text);
        }
        if (value instanceof BigDecimal number && type instanceof DecimalType decimal) {
            return Decimal.apply(number, decimal.precision(), decimal.scale());
        }
        if (value instanceof Integer number && type.equals(DataTypes.ByteType)) {
            return number.byteValue();
        }
        if (value instanceof Integer number && type.equals(DataTypes.ShortType)) {
            return number.shortValue();
        }
        return value;
    }
}
