package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.timestamp_micros;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;

/**
 * A single value as Parquet has it, and as the rows of Spark do. Stateless.
 *
 * <p>Formats: Apache Parquet, Encodings and Logical Type Definitions. Spark writes times in three of them.
 */
enum ParquetValue {
    BOOLEAN(DataTypes.BooleanType),
    INTEGER(DataTypes.IntegerType),
    LONG(DataTypes.LongType),
    FLOAT(DataTypes.FloatType),
    DOUBLE(DataTypes.DoubleType),
    STRING(DataTypes.StringType),
    BINARY(DataTypes.BinaryType),
    DATE(DataTypes.IntegerType),
    TIMESTAMP(DataTypes.LongType),
    DECIMAL(DataTypes.createDecimalType(DecimalType.MAX_PRECISION(), 0));

    private static final int JULIAN_DAY_OF_EPOCH = 2_440_588;
    private static final long MICROS_OF_DAY = 86_400_000_000L;

    private final DataType read;

    ParquetValue(DataType read) {
        this.read = read;
    }

    /** How values of a type are read; nothing where they are not. */
    static Optional<ParquetValue> of(DataType type) {
        if (type instanceof DecimalType) {
            return Optional.of(DECIMAL);
        }
        if (type instanceof StringType) {
            return Optional.of(STRING);
        }
        return Optional.ofNullable(
                switch (type.typeName()) {
                    case "boolean" -> BOOLEAN;
                    case "float" -> FLOAT;
                    case "double" -> DOUBLE;
                    case "byte", "short", "integer" -> INTEGER;
                    case "long" -> LONG;
                    case "binary" -> BINARY;
                    case "date" -> DATE;
                    case "timestamp" -> TIMESTAMP;
                    default -> null;
                });
    }

    /** The type of what is read of a column of a type. */
    DataType read(DataType type) {
        return this == DECIMAL ? type : read;
    }

    /** What was read, as values of the type. */
    Column as(Column values, DataType type) {
        return switch (this) {
            case DATE -> date_from_unix_date(values);
            case TIMESTAMP -> timestamp_micros(values);
            default -> values.cast(type);
        };
    }

    /** The value that a reader stands at; null where there is none. The reader is not moved on. */
    Object get(ColumnReader values) {
        if (values.getCurrentDefinitionLevel() < values.getDescriptor().getMaxDefinitionLevel()) {
            return null;
        }
        return switch (this) {
            case BOOLEAN -> values.getBoolean();
            case FLOAT -> values.getFloat();
            case DOUBLE -> values.getDouble();
            case INTEGER, DATE -> values.getInteger();
            case LONG -> values.getLong();
            case STRING -> values.getBinary().toStringUsingUTF8();
            case BINARY -> values.getBinary().getBytes();
            case TIMESTAMP -> micros(values);
            case DECIMAL -> decimal(values);
        };
    }

    /** Whether values are kept as whole numbers. */
    boolean isNumber() {
        return this == INTEGER || this == LONG || this == DATE;
    }

    /** A whole number in the plain encoding; nothing where there is none. */
    static OptionalLong number(ByteBuffer plain) {
        ByteBuffer bytes = plain.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return switch (bytes.remaining()) {
            case Integer.BYTES -> OptionalLong.of(bytes.getInt());
            case Long.BYTES -> OptionalLong.of(bytes.getLong());
            default -> OptionalLong.empty();
        };
    }

    /** A value as it was read or as rows of Spark have it, to be looked for: equal ones are equal whichever of both they are. */
    static Object key(Object value) {
        if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        if (value instanceof BigDecimal number) {
            return number.stripTrailingZeros();
        }
        if (value instanceof Date day) {
            return day.toLocalDate().toEpochDay();
        }
        if (value instanceof LocalDate day) {
            return day.toEpochDay();
        }
        if (value instanceof Timestamp moment) {
            return micros(moment.toInstant());
        }
        return value instanceof Instant moment ? micros(moment) : value;
    }

    private static long micros(Instant moment) {
        return Math.addExact(Math.multiplyExact(moment.getEpochSecond(), 1_000_000L), moment.getNano() / 1000);
    }

    /** Microseconds since 1970, of a nanosecond of a Julian day or of another unit. */
    static long micros(ColumnReader times) {
        PrimitiveType type = times.getDescriptor().getPrimitiveType();
        if (type.getPrimitiveTypeName() == PrimitiveTypeName.INT64) {
            boolean isMillis = type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation stamp
                    && stamp.getUnit() == TimeUnit.MILLIS;
            return isMillis ? Math.multiplyExact(times.getLong(), 1000L) : times.getLong();
        }
        ByteBuffer parts = times.getBinary().toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long nanos = parts.getLong();
        return (parts.getInt() - JULIAN_DAY_OF_EPOCH) * MICROS_OF_DAY + nanos / 1000;
    }

    private static BigDecimal decimal(ColumnReader values) {
        PrimitiveType type = values.getDescriptor().getPrimitiveType();
        BigInteger unscaled =
                switch (type.getPrimitiveTypeName()) {
                    case INT32 -> BigInteger.valueOf(values.getInteger());
                    case INT64 -> BigInteger.valueOf(values.getLong());
                    default -> new BigInteger(values.getBinary().getBytes());
                };
        return new BigDecimal(unscaled, ((DecimalLogicalTypeAnnotation) type.getLogicalTypeAnnotation()).getScale());
    }
}
