package io.embedlake.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.util.ArrayList;
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
            List<List<Integer>> batches = batches(budget, lengths);
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
            List<List<Integer>> batches = batches(budget, lengths);
            for (List<Integer> batch : batches.subList(0, batches.size() - 1)) {
                assertTrue(batch.size() == budget.texts() || batch.get(0) * (batch.size() + 1) > budget.paddedTokens());
                assertEquals(batch.get(0) <= budget.paddedTokens(), budget.isFilledBy(batch, Integer::intValue));
            }
        });
    }

    @Test
    void aTextLongerThanTheBudgetStandsAlone() {
        assertEquals(
                List.of(List.of(11), List.of(5, 5), List.of(1)),
                batches(new TokenBudget(10, 100), List.of(11, 5, 5, 1)));
    }

    @Test
    void textsOfEqualLengthShareTheBudgetEvenly() {
        assertEquals(
                List.of(List.of(7, 7, 7), List.of(7, 7, 7), List.of(7)),
                batches(new TokenBudget(27, 100), Collections.nCopies(7, 7)));
    }

    @Test
    void nothingMakesNoBatch() {
        assertEquals(List.of(), new TokenBudget(1, 1).first(List.<Integer>of(), Integer::intValue));
    }

    @Test
    void isFilledWhenAnotherTextLikeTheLongestHasNoRoom() {
        TokenBudget budget = new TokenBudget(27, 5);
        assertTrue(budget.isFilledBy(List.of(7, 7, 7), Integer::intValue));
        assertTrue(budget.isFilledBy(List.of(7, 1, 1), Integer::intValue));
        assertFalse(budget.isFilledBy(List.of(7, 7), Integer::intValue));
        assertTrue(budget.isFilledBy(List.of(1, 1, 1, 1, 1), Integer::intValue), "by the most texts");
        assertTrue(budget.isFilledBy(List.of(27), Integer::intValue));
    }

    @Test
    void isNotFilledByATextThatWouldStandAloneUnderAnyBudget() {
        assertFalse(new TokenBudget(10, 100).isFilledBy(List.of(11), Integer::intValue));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 5"})
    void refusesBudgetsThatHoldNothing(int tokens, int texts) {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> new TokenBudget(tokens, texts));
        assertEquals("a batch holds at least one token and one text", failure.getMessage());
    }

    private static List<List<Integer>> batches(TokenBudget budget, List<Integer> sorted) {
        List<List<Integer>> batches = new ArrayList<>();
        for (int start = 0; start < sorted.size(); ) {
            List<Integer> batch = budget.first(sorted.subList(start, sorted.size()), Integer::intValue);
            batches.add(batch);
            start += batch.size();
        }
        return batches;
    }
}
