package io.embedlake.lexical.tabular;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A row that came as JSON: an object with numbers, texts, flags, nulls and arrays of numbers, or one array of numbers. Immutable by
 * convention.
 *
 * @param cells what is not null, by column; the array is the column {@link #WHOLE}
 * @param tokens how many values it has, nulls included: what a row counts against budgets
 */
record JsonRow(Map<String, Cell> cells, int tokens) implements EncodedInput {
    /** The name of the column of a row that is an array. */
    static final String WHOLE = "";

    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> NO_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");
    private static final int FIRST_LENGTH = 16;

    /**
     * Reads a row.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when the text is not such a row
     */
    static JsonRow of(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            Map<String, Cell> cells = new LinkedHashMap<>();
            JsonToken first = parser.nextToken();
            int values;
            if (first == JsonToken.START_OBJECT) {
                values = readObject(parser, cells);
            } else if (first == JsonToken.START_ARRAY) {
                values = readArray(WHOLE, parser, cells);
            } else {
                throw refuse("it is neither an object nor an array of JSON");
            }
            if (parser.nextToken() != null) {
                throw refuse("something follows it");
            }
            if (values == 0) {
                throw refuse("it has no values");
            }
            return new JsonRow(cells, values);
        } catch (JsonProcessingException e) {
            // Its message quotes the text.
            throw refuse("it is not JSON from character " + e.getLocation().getCharOffset() + " on");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int readObject(JsonParser parser, Map<String, Cell> cells) throws IOException {
        int values = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String column = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY) {
                values += readArray(column, parser, cells);
            } else {
                readValue(column, token, parser, cells);
                values++;
            }
        }
        return values;
    }

    private static void readValue(String column, JsonToken token, JsonParser parser, Map<String, Cell> cells)
            throws IOException {
        switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                cells.put(column, new Cell.Number(number(column, parser), parser.getText()));
            case VALUE_STRING -> {
                String text = parser.getText();
                cells.put(column, NO_NUMBERS.contains(text) ? new Cell.NoNumber(text) : new Cell.Text(text));
            }
            case VALUE_TRUE, VALUE_FALSE -> cells.put(column, new Cell.Text(parser.getText()));
            case VALUE_NULL -> cells.remove(column);
            default -> throw refuse(named(column) + " holds an object");
        }
    }

    private static int readArray(String column, JsonParser parser, Map<String, Cell> cells) throws IOException {
        double[] values = new double[FIRST_LENGTH];
        int count = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = element(column, token, parser);
        }
        cells.put(column, new Cell.Numbers(Arrays.copyOf(values, count)));
        return count;
    }

    private static double element(String column, JsonToken token, JsonParser parser) throws IOException {
        if (token.isNumeric()) {
            return number(column, parser);
        }
        if (token == JsonToken.VALUE_NULL || token == JsonToken.VALUE_STRING && NO_NUMBERS.contains(parser.getText())) {
            return Double.NaN;
        }
        throw refuse(named(column) + " holds something else than numbers");
    }

    private static double number(String column, JsonParser parser) throws IOException {
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw refuse(named(column) + " has a number that is too large");
        }
        return value;
    }

    /** A column's name in messages. */
    static String named(String column) {
        return column.equals(WHOLE) ? "the array" : "the column " + column;
    }

    static EmbedlakeException refuse(String why) {
        return new EmbedlakeException(ErrorKind.INVALID_INPUT, "the row cannot be read: " + why);
    }
}
