package io.embedlake.lexical.tabular;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TabularSchemaTest {
    @Test
    void numbersAreStandardisedAndCategoriesHaveAPlaceEach() {
        TabularSchema schema = TabularSchema.fit(List.of(
                "{\"age\":10,\"colour\":\"red\"}",
                "{\"age\":30,\"colour\":\"blue\"}",
                "{\"age\":20,\"colour\":\"red\"}"));
        assertEquals(3, schema.width());
        assertEquals(2, schema.columns());
        assertArrayEquals(
                new float[] {0, 1, 0},
                schema.features("{\"age\":20,\"colour\":\"red\"}"),
                "the mean, the frequent one");
        assertArrayEquals(
                new float[] {1.224745f, 0, 1}, schema.features(" { \"colour\" : \"blue\", \"age\" : 3.0e1 } "), 1e-6f);
    }

    @Test
    void whatIsMissingIsTheMeanAndToldWhereTheSampleLackedSome() {
        TabularSchema schema = TabularSchema.fit(
                List.of("{\"a\":1,\"b\":1,\"c\":\"x\"}", "{\"a\":null,\"b\":3,\"c\":\"y\"}", "{\"a\":3,\"b\":2}"));
        assertEquals(5, schema.width());
        assertArrayEquals(new float[] {0, 1, 0, 0, 0}, schema.features("{\"c\":null}"));
        assertArrayEquals(new float[] {0, 1, 0, 0, 0}, schema.features("{\"a\":\"NaN\",\"b\":\"Infinity\"}"));
        assertArrayEquals(new float[] {1, 0, 0, 1, 0}, schema.features("{\"a\":3,\"c\":\"x\"}"));
    }

    @Test
    void rareValuesShareAPlaceAndUnknownOnesJoinThem() {
        List<String> sample = new ArrayList<>();
        IntStream.range(0, 25).forEach(i -> sample.add("{\"c\":\"v" + i + "\"}"));
        IntStream.range(4, 24).forEach(i -> sample.add("{\"c\":\"v" + i + "\"}"));
        TabularSchema schema = TabularSchema.fit(sample);
        assertEquals(21, schema.width());
        assertEquals(20, place(schema, "v3"));
        assertEquals(20, place(schema, "v24"));
        assertEquals(20, place(schema, "never seen"));
        assertEquals(0, place(schema, "v10"), "the first of those that are as frequent, by alphabet");
    }

    private static int place(TabularSchema schema, String value) {
        float[] features = schema.features("{\"c\":\"" + value + "\"}");
        assertEquals(
                1,
                IntStream.range(0, features.length)
                        .filter(i -> features[i] != 0)
                        .count());
        return IntStream.range(0, features.length)
                .filter(i -> features[i] == 1)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anUnknownValueIsNoneWhereTheSampleHadNoRest() {
        TabularSchema schema = TabularSchema.fit(List.of("{\"c\":true}", "{\"c\":false}"));
        assertArrayEquals(new float[] {1, 0}, schema.features("{\"c\":false}"));
        assertArrayEquals(new float[] {0, 0}, schema.features("{\"c\":\"maybe\"}"));
    }

    @Test
    void aColumnOfNumbersAndTextsHasCategories() {
        TabularSchema schema =
                TabularSchema.fit(List.of("{\"c\":1}", "{\"c\":\"1\"}", "{\"c\":\"two\"}", "{\"c\":\"NaN\"}"));
        assertArrayEquals(new float[] {1, 0, 0}, schema.features("{\"c\":1}"));
        assertArrayEquals(new float[] {1, 0, 0}, schema.features("{\"c\":\"1\"}"));
        assertArrayEquals(new float[] {0, 1, 0}, schema.features("{\"c\":\"NaN\"}"));
    }

    @Test
    void aRowMayBeAnArrayWhoseNumbersShareADeviation() {
        TabularSchema schema = TabularSchema.fit(List.of("[0, 10, 7]", "[2,30,7]", "[1,null,7]"));
        assertEquals(3, schema.width());
        float deviation = (float) Math.sqrt((1 + 1 + 100 + 100) / 8.0);
        assertArrayEquals(new float[] {1 / deviation, 10 / deviation, 0}, schema.features("[2,30,7]"), 1e-6f);
        assertArrayEquals(new float[] {0, 0, 5}, schema.features("[null,null,1e9]"));
    }

    @Test
    void anArrayMayBeAColumnAmongOthers() {
        TabularSchema schema =
                TabularSchema.fit(List.of("{\"a\":[1,1],\"b\":1}", "{\"a\":[3,3],\"b\":2}", "{\"b\":3}"));
        assertArrayEquals(new float[] {0, 0, 0}, schema.features("{\"b\":2}"));
        assertArrayEquals(new float[] {1, -1, 0}, schema.features("{\"b\":2,\"a\":[3,1]}"));
    }

    @Test
    void whatNeverVariesCountsNothingAndOutliersCountNotMoreThanFiveDeviations() {
        TabularSchema schema = TabularSchema.fit(List.of("{\"a\":7,\"b\":0}", "{\"a\":7,\"b\":2}"));
        assertArrayEquals(new float[] {0, 5}, schema.features("{\"a\":1000,\"b\":1e300}"));
        assertArrayEquals(new float[] {0, -5}, schema.features("{\"a\":7,\"b\":-1000}"));
    }

    @Test
    void bytesHoldAllOfIt() {
        TabularSchema schema = mixed();
        TabularSchema read = TabularSchema.of(schema.toBytes());
        for (String row : List.of("{\"n\":3,\"c\":\"\u00fc\",\"a\":[1,9]}", "{\"c\":null}", "{\"n\":0,\"c\":\"z\"}")) {
            assertArrayEquals(schema.features(row), read.features(row));
        }
        assertArrayEquals(schema.toBytes(), read.toBytes());
    }

    @Test
    void anyDamageIsNoticed() {
        byte[] bytes = mixed().toBytes();
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 8;
            assertThrows(IllegalArgumentException.class, () -> TabularSchema.of(damaged), "byte " + at);
            byte[] cut = Arrays.copyOf(bytes, at);
            assertThrows(IllegalArgumentException.class, () -> TabularSchema.of(cut), at + " bytes");
        }
    }

    private static TabularSchema mixed() {
        return TabularSchema.fit(List.of(
                "{\"n\":1,\"c\":\"\u00fc\",\"a\":[1,2]}", "{\"n\":2.5,\"c\":\"z\",\"a\":[4,3]}", "{\"c\":\"z\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello | it is not JSON from character 5 on",
                "'{\"n\":1' | it is not JSON from character 6 on",
                "17 | it is neither an object nor an array of JSON",
                "'' | it is neither an object nor an array of JSON",
                "{} | it has no values",
                "[] | it has no values",
                "'{\"n\":1}{\"n\":1}' | something follows it",
                "'{\"n\":{\"secret\":1}}' | the column n holds an object",
                "'{\"a\":[\"secret\",2]}' | the column a holds something else than numbers",
                "'{\"n\":1e999}' | the column n has a number that is too large",
                "'{\"n\":\"secret\"}' | the column n holds a text, and the model was fitted on numbers",
                "'{\"c\":[1]}' | the column c holds an array of 1, and the model was fitted on single values",
                "'{\"a\":[1,2,3]}' | the column a holds an array of 3, and the model was fitted on arrays of 2",
                "'{\"a\":1}' | the column a holds a number, and the model was fitted on arrays of 2",
                "'{\"other\":1}' | the model was fitted without the column other",
                "[1] | the model was fitted without the array"
            })
    void refusesWhatIsNoSuchRowWithoutQuotingIt(String json, String reason) {
        assertRefused(ErrorKind.INVALID_INPUT, "the row cannot be read: " + reason, () -> mixed().features(json));
    }

    @Test
    void saysWhyASampleCannotBeLearnedFrom() {
        assertMisconfigured(
                () -> TabularSchema.fit(List.of("{\"a\":1}", "no row")),
                "Cannot learn from the rows: one of 6 characters is none (the row cannot be read: it is not JSON from");
        assertMisconfigured(() -> TabularSchema.fit(List.of("{\"a\":null}")), "all values of the sample are null");
        assertMisconfigured(
                () -> TabularSchema.fit(List.of("[1,2]", "[1]")), "the array holds arrays of 2 and of 1 numbers");
        assertMisconfigured(
                () -> TabularSchema.fit(List.of("{\"a\":[1]}", "{\"a\":1}")),
                "the column a holds arrays and single values");
    }

    @Test
    void theOrderOfRowsDoesNotMatter() {
        List<String> rows = Stream.of("{\"c\":\"x\",\"n\":1}", "{\"c\":\"y\",\"n\":4}", "{\"c\":\"x\",\"n\":7}")
                .toList();
        assertArrayEquals(
                TabularSchema.fit(rows).toBytes(),
                TabularSchema.fit(List.of(rows.get(2), rows.get(1), rows.get(0)))
                        .toBytes());
    }
}
