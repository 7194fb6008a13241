package io.embedlake.spark.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import org.junit.jupiter.api.Test;

class VectorFunctionsTest {
    private static Object value(String expression) {
        return Lake.spark().sql("SELECT " + expression).first().get(0);
    }

    @Test
    void cosineTakesNumbersOfAnyType() {
        assertEquals(0.6, (double) value("embedlake_cosine(array(1.0F, 0.0F), array(3.0F, 4.0F))"), 1e-9);
        assertEquals(0.6, (double) value("embedlake_cosine(array(1, 0), array(0.3, 0.4))"), 1e-6);
        assertEquals(0, (double) value("embedlake_cosine(array(0.0F), array(3.0F))"));
        assertEquals(null, value("embedlake_cosine(CAST(NULL AS ARRAY<FLOAT>), array(3.0F))"));
    }

    @Test
    void cosineOfCodesKnowsTheirScales() {
        String codes = "CAST(array(10, 100) AS ARRAY<TINYINT>), CAST(array(10, 0) AS ARRAY<TINYINT>)";
        assertEquals(1 / Math.sqrt(2), (double) value("embedlake_cosine(" + codes + ", array(1.0F, 0.1F))"), 1e-7);
    }

    @Test
    void hammingCountsTheBitsThatDiffer() {
        assertEquals(3, value("embedlake_hamming(X'F00F', X'F10C')"));
    }

    @Test
    void refusesVectorsOfTwoLengthsAndOtherNumbersOfArguments() {
        Throwable failure =
                assertThrows(Exception.class, () -> value("embedlake_cosine(array(rand(), 1), array(rand()))"));
        assertTrue(failure.getMessage().contains("2 and 1 values"), failure.getMessage());
        Throwable arguments = assertThrows(Exception.class, () -> value("embedlake_hamming(X'00')"));
        assertTrue(
                arguments.getMessage().contains("Cannot call embedlake_hamming with 1 arguments (it takes two codes)"),
                arguments.getMessage());
    }
}
