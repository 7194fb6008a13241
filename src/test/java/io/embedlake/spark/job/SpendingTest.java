package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.spi.Budget;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SpendingTest {
    private static final Fingerprint FINGERPRINT = Fingerprint.of(Map.of("model", "some"));

    /** It once was: a local model's job stopped after its first wave. */
    @Test
    void theLimitOfATextIsNoBudgetOfARun() {
        Spending spending = new Spending();
        EmbedderSpec local = new EmbedderSpec("huggingface", "some", FINGERPRINT, Map.of("max-tokens", "256"));
        spending.spent(local, 1_000_000);
        assertDoesNotThrow(() -> spending.requireLeft(local));
    }

    /** Its tokens once counted against the budget of the provider's column beside it. */
    @Test
    void whatALocalModelComputesIsNotChargedFor() {
        Spending spending = new Spending();
        spending.spent(new EmbedderSpec("huggingface", "some", FINGERPRINT, Map.of()), 1_000_000);
        EmbedderSpec remote = new EmbedderSpec("openai", "some", FINGERPRINT, Map.of("provider-model", "some"))
                .within(new Budget(Map.of(Budget.MAX_TOKENS, "500")));
        assertDoesNotThrow(() -> spending.requireLeft(remote));
        assertEquals(OptionalLong.of(500), spending.tokensLeft(remote));
    }

    @Test
    void theBudgetOfARunStopsItsNextWave() {
        Spending spending = new Spending();
        EmbedderSpec remote = new EmbedderSpec("openai", "some", FINGERPRINT, Map.of("provider-model", "some"))
                .within(new Budget(Map.of(Budget.MAX_TOKENS, "500")));
        spending.spent(remote, 499);
        assertDoesNotThrow(() -> spending.requireLeft(remote));
        spending.spent(remote, 1);
        EmbedlakeException stop = assertThrows(EmbedlakeException.class, () -> spending.requireLeft(remote));
        assertEquals(ErrorKind.EXHAUSTED, stop.kind());
        assertEquals(
                "Cannot go on embedding: 500 tokens were spent (limits.max-tokens is 500). What was embedded is kept: raise it"
                        + " and start the job again.",
                stop.getMessage());
    }
}
