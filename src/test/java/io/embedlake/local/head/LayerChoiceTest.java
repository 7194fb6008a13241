package io.embedlake.local.head;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerChoiceTest {
    /** The last four of a small network are as many as it has, also after the choice has travelled as text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "last",
                "second-to-last",
                "mean-last-four",
                "sum-last-four",
                "concat-last-four",
                "0",
                "-2",
                "mean(-1, -2)",
                "sum(1,2)",
                "concat(0,-1)"
            })
    void isReadAsItIsWritten(String text) {
        LayerChoice choice = LayerChoice.parse(text);
        assertEquals(choice, LayerChoice.parse(choice.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "first", "1,2", "mean(1", "mean()", "max(1,2)", "-1)"})
    void refusesWhatIsNoChoice(String text) {
        assertMisconfigured(
                () -> LayerChoice.parse(text), "Cannot choose the hidden layers " + text + " (last, second-to-last,");
    }
}
