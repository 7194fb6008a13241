package io.embedlake.remote.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Budgets.Part;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading.Fault;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LearntBudgetsTest {
    private static final Budgets DOCUMENTED = new Budgets(2048, 8192, 270_000, 8_000_000);
    private static final Pack REFUSED = new Pack(0, 100, 20_000, 90_000, true);

    private final LearntBudgets learnt = new LearntBudgets(DOCUMENTED);

    @Test
    void takeTheNumberThatTheServerNames() {
        learnt.learn(tooBig(Part.TEXTS, OptionalInt.of(16)), REFUSED);

        assertEquals(DOCUMENTED.capped(Part.TEXTS, 16), learnt.now());
    }

    @Test
    void areHalfOfWhatWasRefusedWhereTheServerNamesNoNumber() {
        learnt.learn(tooBig(Part.TEXTS, OptionalInt.empty()), REFUSED);
        learnt.learn(tooBig(Part.CALL_TOKENS, OptionalInt.empty()), REFUSED);
        learnt.learn(tooBig(Part.BODY_BYTES, OptionalInt.empty()), REFUSED);

        assertEquals(new Budgets(50, 8192, 10_000, 45_000), learnt.now());
    }

    @Test
    void countFewerTextsWhereTheServerDoesNotSayWhatThereWasTooMuchOf() {
        learnt.learn(Fault.of(Cause.CALL_TOO_BIG, "too big"), REFUSED);

        assertEquals(DOCUMENTED.capped(Part.TEXTS, 50), learnt.now());
    }

    @Test
    void areHalvedWhereTheServersNumberWouldNotHelp() {
        learnt.learn(tooBig(Part.CALL_TOKENS, OptionalInt.of(300_000)), REFUSED);

        assertEquals(10_000, learnt.now().callTokens());
    }

    @Test
    void tellOnlyWhatRefusalsHaveMadeSmaller() {
        assertEquals(Map.of(), learnt.learnt());
        learnt.learn(tooBig(Part.TEXTS, OptionalInt.empty()), REFUSED);
        learnt.learn(tooBig(Part.BODY_BYTES, OptionalInt.of(1000)), REFUSED);

        assertEquals(Map.of("texts", 50L, "bytes", 1000L), learnt.learnt());
    }

    @Test
    void neverGrowAndNeverVanish() {
        learnt.learn(tooBig(Part.TEXTS, OptionalInt.of(2)), REFUSED);
        learnt.learn(tooBig(Part.TEXTS, OptionalInt.of(64)), REFUSED);
        assertEquals(2, learnt.now().texts());

        learnt.learn(tooBig(Part.TEXTS, OptionalInt.empty()), new Pack(0, 1, 1, 1, true));
        assertEquals(1, learnt.now().texts());
    }

    @Test
    void learnTheLengthOfTextsOnlyFromANumber() {
        Fault unnamed = Fault.of(Cause.TEXT_TOO_LONG, "too long");
        Fault named = new Fault(
                Cause.TEXT_TOO_LONG,
                "too long",
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.of(512),
                Optional.of(Part.TEXT_TOKENS));

        learnt.learn(unnamed, REFUSED);
        assertEquals(DOCUMENTED, learnt.now());
        learnt.learn(named, REFUSED);
        assertEquals(DOCUMENTED.capped(Part.TEXT_TOKENS, 512), learnt.now());
    }

    @Test
    void learnNothingFromOtherFaults() {
        learnt.learn(Fault.of(Cause.RATE, "too fast"), REFUSED);

        assertEquals(DOCUMENTED, learnt.now());
    }

    private static Fault tooBig(Part part, OptionalInt cap) {
        return new Fault(Cause.CALL_TOO_BIG, "too big", Optional.empty(), OptionalInt.empty(), cap, Optional.of(part));
    }
}
