package io.embedlake.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBudgetTest {
    @Test
    void keepsOrderAndBudgetAndLeavesNothingOut() {
        Property.holds(2_000, random -> {
            int limit = 1 + random.nextInt(200);
            TokenBudget budget = new TokenBudget(1 + random.nextInt(1_000), 1 + random.nextInt(20));
            List<Integer> lengths = random.ints(random.nextInt(100), 1, limit + 1)
                    .boxed()
                    .sorted(Comparator.reverseOrder())
                    .toList();
            List<List<Integer>> batches = budget.batches(lengths, Integer::intValue);
            assertEquals(lengths, batches.stream().flatMap(List::stream).toList());
            for (List<Integer> batch : batches) {
                assertTrue(!batch.isEmpty() && batch.size() <= budget.texts());
                assertTrue(batch.size() == 1 || Collections.max(batch) * batch.size() <= budget.paddedTokens());
            }
        });
    }

    @Test
    void fillsEveryBatchThatIsNotTheLast() {
        Property.holds(500, random -> {
            TokenBudget budget = new TokenBudget(1 + random.nextInt(500), 1 + random.nextInt(10));
            List<Integer> lengths = random.ints(50, 1, 60)
                    .boxed()
                    .sorted(Comparator.reverseOrder())
                    .toList();
            List<List<Integer>> batches = budget.batches(lengths, Integer::intValue);
            for (List<Integer> batch : batches.subList(0, batches.size() - 1)) {
                assertTrue(batch.size() == budget.texts() || batch.get(0) * (batch.size() + 1) > budget.paddedTokens());
            }
        });
    }

    @Test
    void aTextLongerThanTheBudgetStandsAlone() {
        assertEquals(
                List.of(List.of(11), List.of(5, 5), List.of(1)),
                new TokenBudget(10, 100).batches(List.of(11, 5, 5, 1), Integer::intValue));
    }

    @Test
    void textsOfEqualLengthShareTheBudgetEvenly() {
        assertEquals(
                List.of(List.of(7, 7, 7), List.of(7, 7, 7), List.of(7)),
                new TokenBudget(27, 100).batches(Collections.nCopies(7, 7), Integer::intValue));
    }

    @Test
    void nothingMakesNoBatch() {
        assertEquals(List.of(), new TokenBudget(1, 1).batches(List.<Integer>of(), Integer::intValue));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 5"})
    void refusesBudgetsThatHoldNothing(int tokens, int texts) {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> new TokenBudget(tokens, texts));
        assertEquals("a batch holds at least one token and one text", failure.getMessage());
    }
}
